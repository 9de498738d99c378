#include "widgets/candidates/candidate_filter.h"

#include "core/graph/pgraph.h"

#include <QtCore/QHash>
#include <QtCore/QRegularExpression>

#include <array>
#include <cmath>
#include <optional>

namespace synoscope {

namespace {

struct NamedFigure
{
    const char* name;
    double (*of)(const CandidateRow&);
};

constexpr std::array namedFigures{
    NamedFigure{"accuracy", [](const CandidateRow& row) { return row.accuracy; }},
    NamedFigure{"flops", [](const CandidateRow& row) { return row.flopsRatio; }},
    NamedFigure{"id", [](const CandidateRow& row) { return static_cast<double>(row.id); }},
    NamedFigure{"iteration", [](const CandidateRow& row) { return static_cast<double>(row.iteration); }},
    NamedFigure{"params", [](const CandidateRow& row) { return static_cast<double>(row.params); }},
    NamedFigure{"reward", [](const CandidateRow& row) { return row.reward; }},
    NamedFigure{"speedup", [](const CandidateRow& row) { return row.speedup; }},
};

constexpr std::array<std::pair<const char*, CandidateStage>, 5> namedStates{{
    {"found", CandidateStage::found},
    {"queued", CandidateStage::queued},
    {"measuring", CandidateStage::measuring},
    {"measured", CandidateStage::measured},
    {"failed", CandidateStage::failed},
}};

Error refuse(const QString& message)
{
    return Error{.message = message.toStdString()};
}

// "0.5", "60%", "12k", "1.5M": the number; nothing when it is none.
std::optional<double> readNumber(QString text)
{
    double factor = 1;
    if (text.endsWith(u'%'))
        factor = 0.01;
    else if (text.endsWith(u'k') || text.endsWith(u'K'))
        factor = 1e3;
    else if (text.endsWith(u'M'))
        factor = 1e6;
    else if (text.endsWith(u'G'))
        factor = 1e9;
    if (factor != 1)
        text.chop(1);
    bool ok = false;
    const double number = text.toDouble(&ok);
    if (!ok || !std::isfinite(number))
        return std::nullopt;
    return number * factor;
}

// In the order of PrimitiveKind, and so of the bits of CandidateRow::primitives.
QStringList primitiveNames()
{
    QStringList names;
    for (int i = 0; i < primitiveKinds; ++i) {
        const std::string_view name = toString(static_cast<PrimitiveKind>(i));
        names << QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
    }
    return names;
}

} // namespace

QStringList CandidateFilter::figures()
{
    QStringList names;
    for (const auto& figure : namedFigures)
        names << QString::fromLatin1(figure.name);
    return names;
}

Expected<CandidateFilter> CandidateFilter::parse(const QString& text)
{
    static const QRegularExpression words(QStringLiteral("\\S+"));
    CandidateFilter filter;
    for (auto it = words.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        auto term = parseTerm(match.captured());
        if (!term) {
            Error error = std::move(term.error());
            error.column = static_cast<int>(match.capturedStart()) + 1;
            return error;
        }
        filter.terms_.push_back(*std::move(term));
    }
    return filter;
}

Expected<CandidateFilter::Term> CandidateFilter::parseTerm(const QString& word)
{
    static const QRegularExpression comparison(QStringLiteral("^([A-Za-z_]+)(<=|>=|!=|==|=|<|>)(.*)$"));
    static const QHash<QString, Comparison> comparisons{
        {QStringLiteral("<"), Comparison::less},      {QStringLiteral("<="), Comparison::lessOrEqual},
        {QStringLiteral(">"), Comparison::greater},   {QStringLiteral(">="), Comparison::greaterOrEqual},
        {QStringLiteral("="), Comparison::equal},     {QStringLiteral("=="), Comparison::equal},
        {QStringLiteral("!="), Comparison::notEqual},
    };
    Term term;
    QString body = word;
    if (body.size() > 1 && body.startsWith(u'-')) {
        term.negated = true;
        body.remove(0, 1);
    }

    if (const auto match = comparison.match(body); match.hasMatch()) {
        const int figure = static_cast<int>(figures().indexOf(match.captured(1).toLower()));
        if (figure < 0)
            return refuse(tr("“%1” is no figure of a candidate: use one of %2.")
                              .arg(match.captured(1), figures().join(QStringLiteral(", "))));
        const auto number = readNumber(match.captured(3));
        if (!number)
            return refuse(tr("A number is expected after “%1”, such as 0.5, 60% or 12k.")
                              .arg(match.captured(1) + match.captured(2)));
        term.what = What::figure;
        term.figure = figure;
        term.comparison = comparisons.value(match.captured(2));
        term.number = *number;
    } else if (body.startsWith(QStringLiteral("has:"))) {
        const auto kind = primitiveNames().indexOf(body.mid(4).toLower());
        if (kind < 0)
            return refuse(tr("“%1” is no primitive: use one of %2.")
                              .arg(body.mid(4), primitiveNames().join(QStringLiteral(", "))));
        term.what = What::primitive;
        term.primitive = static_cast<std::uint16_t>(1u << kind);
    } else if (body.startsWith(QStringLiteral("is:"))) {
        const QString what = body.mid(3).toLower();
        QStringList known{QStringLiteral("starred"), QStringLiteral("pruned"), QStringLiteral("noted"),
                          QStringLiteral("removed")};
        if (const auto flag = known.indexOf(what); flag >= 0) {
            term.what = What::flag;
            term.flag = static_cast<Flag>(flag);
            return term;
        }
        for (const auto& [name, state] : namedStates) {
            if (what == QLatin1String(name)) {
                term.what = What::state;
                term.state = state;
                return term;
            }
            known << QString::fromLatin1(name);
        }
        return refuse(tr("A candidate cannot be “%1”: use one of %2.").arg(what, known.join(QStringLiteral(", "))));
    } else {
        term.text = body;
    }
    return term;
}

bool CandidateFilter::asksForRemoved() const
{
    return std::ranges::any_of(terms_, [](const Term& term) {
        return term.what == What::flag && term.flag == Flag::removed && !term.negated;
    });
}

bool CandidateFilter::holdsFor(const CandidateRow& row) const
{
    if (row.removed && !asksForRemoved())
        return false;
    for (const Term& term : terms_)
        if (!holds(term, row))
            return false;
    return true;
}

bool CandidateFilter::holds(const Term& term, const CandidateRow& row)
{
    bool result = false;
    switch (term.what) {
    case What::text:
        result = row.name.contains(term.text, Qt::CaseInsensitive) ||
                 row.hash.startsWith(term.text, Qt::CaseInsensitive) ||
                 row.note.contains(term.text, Qt::CaseInsensitive);
        break;
    case What::figure: {
        const double value = namedFigures[static_cast<std::size_t>(term.figure)].of(row);
        if (std::isnan(value))
            return false; // also when turned round: nothing is known, so nothing holds
        result = compare(value, term.comparison, term.number);
        break;
    }
    case What::primitive:
        result = (row.primitives & term.primitive) != 0;
        break;
    case What::flag:
        result = term.flag == Flag::starred   ? row.starred
                 : term.flag == Flag::pruned  ? row.pruned
                 : term.flag == Flag::removed ? row.removed
                                              : !row.note.isEmpty();
        break;
    case What::state:
        result = row.state == term.state;
        break;
    }
    return result != term.negated;
}

bool CandidateFilter::compare(double value, Comparison comparison, double number)
{
    switch (comparison) {
    case Comparison::less:
        return value < number;
    case Comparison::lessOrEqual:
        return value <= number;
    case Comparison::greater:
        return value > number;
    case Comparison::greaterOrEqual:
        return value >= number;
    case Comparison::equal:
        return value == number;
    case Comparison::notEqual:
        return value != number;
    }
    return false;
}

} // namespace synoscope
