// What the problem editor shows besides the problem itself: others know it, and hand it in as values.
#pragma once

#include <QMetaType>
#include <QString>

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace synoscope {

// A backbone of the catalogue.
struct BackboneChoice
{
    QString key; // as "backbone" in a problem
    QString title;
    bool sequence = false; // reads words instead of images
    int image = 0;         // side of its images; sequence: its tokens
    int slots = 0;         // places for the operator
    double parameters = 0;
    double flops = 0;
    double slotFlops = 0; // of these
};

// A rule of the synthesis that a problem can switch.
struct RuleChoice
{
    enum class Group : std::uint8_t
    {
        nearDuplicate, // off unless switched on, one by one or together
        canonical,
        pruning
    };
    QString name;
    QString reason;
    Group group = Group::canonical;
};

// A distinct layer in which the operator is to stand.
struct LayerFigures
{
    std::vector<std::pair<QString, std::int64_t>> sizes; // of the primary variables
    QString input;                                       // "1 × 64 × 56 × 56"
    QString output;
    int count = 1;
    double flops = 0; // of the backbone's own operators, all of them
};

// What the reader of problems says about a text.
struct ProblemCheck
{
    QString fault; // one sentence; empty: it is a problem
    int line = 0;  // of the fault; 0: it is not in the text
    int column = 0;
    std::vector<LayerFigures> layers;
    double flops = 0; // of the operators that they have now, or would have
};

// What sampling says about the size of a problem's space.
struct SpaceFigures
{
    enum class Stage : std::uint8_t
    {
        none, // there is no problem to sample
        waiting,
        sampling,
        done
    };
    Stage stage = Stage::none;
    std::uint64_t found = 0;
    bool exhausted = false; // these are all
    bool estimated = false; // the next three are known
    double least = 0;
    double likely = 0;
    double most = std::numeric_limits<double>::infinity();
    std::uint64_t rollouts = 0;
    std::uint64_t finished = 0; // that ended in an operator
    double rolloutSeconds = 0;  // that they took
    double seconds = 0;
};

} // namespace synoscope

Q_DECLARE_METATYPE(synoscope::SpaceFigures)
