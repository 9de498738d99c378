// The candidates' filter line, read once and then asked for each row.
//
// Terms are separated by spaces and must all hold; a leading '-' turns a term round:
//
//   unfold3            the name, the hash or the note contains it
//   flops<0.5          a figure against a number (k, M, G and % may follow): flops is the ratio to the baseline
//   has:unfold         the operator contains the primitive
//   is:starred         starred, pruned, noted, or a state: found, queued, measuring, measured, failed
#pragma once

#include "core/base/error.h"
#include "widgets/candidates/candidate_row.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QStringList>

#include <vector>

namespace synoscope {

class CandidateFilter
{
    Q_DECLARE_TR_FUNCTIONS(CandidateFilter)

public:
    // The filter that holds for every row.
    CandidateFilter() = default;
    // The error's column counts from 1 within the text.
    static Expected<CandidateFilter> parse(const QString& text);

    bool holdsFor(const CandidateRow& row) const;
    bool isEmpty() const { return terms_.empty(); }

    // What may stand before a comparison: "accuracy", "flops", ... (for completion and help).
    static QStringList figures();

private:
    enum class What
    {
        text,
        figure,
        primitive,
        flag,
        state
    };
    enum class Comparison
    {
        less,
        lessOrEqual,
        greater,
        greaterOrEqual,
        equal,
        notEqual
    };
    enum class Flag
    {
        starred,
        pruned,
        noted,
        removed
    };
    struct Term // only the members of its kind count
    {
        What what = What::text;
        bool negated = false;
        QString text{};
        int figure = 0;
        Comparison comparison = Comparison::less;
        double number = 0;
        std::uint16_t primitive = 0;
        Flag flag = Flag::starred;
        CandidateStage state = CandidateStage::found;
    };

    bool asksForRemoved() const; // which are not shown otherwise

    static Expected<Term> parseTerm(const QString& word);
    static bool holds(const Term& term, const CandidateRow& row);
    static bool compare(double value, Comparison comparison, double number);

    std::vector<Term> terms_;
};

} // namespace synoscope
