// One text about an operator: code in some format, a formula, a plan.
#pragma once

#include <QtCore/QList>
#include <QtCore/QString>

#include <limits>

namespace synoscope {

enum class Language
{
    plain,
    python,
    cpp,
    pgraph
};

// Whether the code was run against the reference interpreter, and what came out.
struct Verification
{
    enum class State
    {
        none,
        notVerified,
        running,
        verified,
        failed
    }; // none: there is nothing to run, as in a formula

    State state = State::none;
    double error = std::numeric_limits<double>::quiet_NaN(); // the largest deviation, relative
    double tolerance = std::numeric_limits<double>::quiet_NaN();
    QString details; // what was compared, or why it failed

    friend bool operator==(const Verification&, const Verification&) = default;
};

struct CodeDocument
{
    QString format;   // "pytorch", "libtorch", "formula", ...: the export format's name
    QString title;    // for people: "PyTorch"
    QString fileName; // proposed when saving
    Language language = Language::plain;
    QString text;
    Verification verification;

    friend bool operator==(const CodeDocument&, const CodeDocument&) = default;
};

} // namespace synoscope
