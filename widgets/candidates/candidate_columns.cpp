#include "widgets/candidates/candidate_columns.h"

#include "core/graph/pgraph.h"
#include "widgets/candidates/candidate_model.h"
#include "widgets/common/format.h"

#include <QtCore/QCoreApplication>

#include <cmath>
#include <optional>

namespace synoscope {

namespace {

using Model = CandidateModel;

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(CandidateColumns)
};

// The figure of a numeric column.
std::optional<double> figure(const CandidateRow& row, int column)
{
    switch (column) {
    case Model::starColumn:
        return row.starred ? 1 : 0;
    case Model::stateColumn:
        return static_cast<double>(row.state);
    case Model::rewardColumn:
        return row.reward;
    case Model::accuracyColumn:
        return row.accuracy;
    case Model::speedupColumn:
        return row.speedup;
    case Model::flopsRatioColumn:
        return row.flopsRatio;
    case Model::flopsColumn:
        return row.flops;
    case Model::paramsColumn:
        return static_cast<double>(row.params);
    case Model::iterationColumn:
        return static_cast<double>(row.iteration);
    default:
        return std::nullopt;
    }
}

QString text(const CandidateRow& row, int column)
{
    switch (column) {
    case Model::nameColumn:
        return row.name;
    case Model::primitivesColumn:
        return primitiveList(row.primitives);
    case Model::hashColumn:
        return row.hash;
    case Model::noteColumn:
        return row.note;
    default:
        return {};
    }
}

QString shown(const CandidateRow& row, int column)
{
    switch (column) {
    case Model::starColumn:
        return row.starred ? QStringLiteral("★") : QString();
    case Model::stateColumn:
        if (row.removed)
            return Texts::tr("removed");
        return row.pruned ? Texts::tr("pruned") : candidateStageName(row.state); // its figures tell how far it came
    case Model::rewardColumn:
        return format::reward(row.reward);
    case Model::accuracyColumn:
        return format::percent(row.accuracy);
    case Model::speedupColumn:
        return format::ratio(row.speedup);
    case Model::flopsRatioColumn:
        return format::ratio(row.flopsRatio);
    case Model::flopsColumn:
        return format::quantity(row.flops);
    case Model::paramsColumn:
        return format::quantity(static_cast<double>(row.params));
    case Model::iterationColumn:
        return format::count(static_cast<quint64>(row.iteration));
    case Model::hashColumn:
        return row.hash.left(12);
    default:
        return text(row, column);
    }
}

QString inFile(const CandidateRow& row, int column)
{
    switch (column) {
    case Model::stateColumn: {
        static constexpr const char* names[] = {"found", "queued", "measuring", "measured", "failed"};
        return QString::fromLatin1(names[static_cast<int>(row.state)]);
    }
    case Model::paramsColumn:
        return QString::number(row.params);
    case Model::iterationColumn:
        return QString::number(row.iteration);
    case Model::flopsColumn:
        return std::isnan(row.flops) ? QString() : QString::number(row.flops, 'f', 0);
    default:
        break;
    }
    if (const auto number = figure(row, column))
        return std::isnan(*number) ? QString() : QString::number(*number, 'g', 10);
    return text(row, column);
}

QString quoted(QString field)
{
    if (!field.contains(u',') && !field.contains(u'"') && !field.contains(u'\n') && !field.contains(u'\r'))
        return field;
    field.replace(u'"', QStringLiteral("\"\""));
    return u'"' + field + u'"';
}

} // namespace

QString candidateStageName(CandidateStage state)
{
    switch (state) {
    case CandidateStage::found:
        return Texts::tr("found");
    case CandidateStage::queued:
        return Texts::tr("queued");
    case CandidateStage::measuring:
        return Texts::tr("measuring");
    case CandidateStage::measured:
        return Texts::tr("measured");
    case CandidateStage::failed:
        return Texts::tr("failed");
    }
    return {};
}

QString primitiveList(std::uint16_t primitives)
{
    QStringList names;
    for (int i = 0; i < primitiveKinds; ++i) {
        if ((primitives & (1u << i)) == 0)
            continue;
        const std::string_view name = toString(static_cast<PrimitiveKind>(i));
        names << QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
    }
    return names.join(u' ');
}

QVariant candidateData(const CandidateRow& row, int column, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return shown(row, column);
    case Qt::EditRole:
        return text(row, column);
    case Qt::ToolTipRole:
        if (column == Model::hashColumn || column == Model::noteColumn || column == Model::nameColumn)
            return text(row, column);
        return {};
    case Qt::TextAlignmentRole:
        if (column == Model::starColumn)
            return int(Qt::AlignCenter);
        return int(Qt::AlignVCenter |
                   (figure(row, column) && column != Model::stateColumn ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::AccessibleTextRole:
        if (column == Model::starColumn)
            return row.starred ? Texts::tr("starred") : Texts::tr("not starred");
        return shown(row, column);
    case Model::sortRole:
        if (const auto number = figure(row, column))
            return *number;
        return text(row, column);
    case Model::csvRole:
        return inFile(row, column);
    default:
        return {};
    }
}

int compareCandidates(const CandidateRow& a, const CandidateRow& b, int column, Qt::SortOrder order)
{
    const int direction = order == Qt::AscendingOrder ? 1 : -1;
    if (const auto first = figure(a, column)) {
        const double x = *first;
        const double y = *figure(b, column);
        if (std::isnan(x) || std::isnan(y))
            return static_cast<int>(std::isnan(x)) - static_cast<int>(std::isnan(y));
        return x < y ? -direction : x > y ? direction : 0;
    }
    if (column == Model::primitivesColumn)
        return direction * (int(a.primitives) - int(b.primitives));
    const QString x = text(a, column);
    const QString y = text(b, column);
    if (x.isEmpty() || y.isEmpty())
        return static_cast<int>(x.isEmpty()) - static_cast<int>(y.isEmpty());
    return direction * QString::compare(x, y, Qt::CaseInsensitive);
}

QString candidatesAsCsv(std::span<const CandidateRow* const> rows)
{
    QString csv = QStringLiteral("id");
    for (int column = 0; column < Model::columnCount_; ++column)
        csv += u',' + Model::columnKey(column);
    csv += QStringLiteral("\r\n");
    for (const CandidateRow* row : rows) {
        csv += QString::number(row->id);
        for (int column = 0; column < Model::columnCount_; ++column)
            csv += u',' + quoted(inFile(*row, column));
        csv += QStringLiteral("\r\n");
    }
    return csv;
}

QString CandidateModel::columnTitle(int column)
{
    switch (column) {
    case starColumn:
        return Texts::tr("Star");
    case nameColumn:
        return Texts::tr("Name");
    case stateColumn:
        return Texts::tr("State");
    case rewardColumn:
        return Texts::tr("Reward");
    case accuracyColumn:
        return Texts::tr("Accuracy");
    case speedupColumn:
        return Texts::tr("Speed-up");
    case flopsRatioColumn:
        return Texts::tr("FLOPs ratio");
    case flopsColumn:
        return Texts::tr("FLOPs");
    case paramsColumn:
        return Texts::tr("Parameters");
    case primitivesColumn:
        return Texts::tr("Primitives");
    case iterationColumn:
        return Texts::tr("Iteration");
    case hashColumn:
        return Texts::tr("Hash");
    case noteColumn:
        return Texts::tr("Note");
    default:
        return {};
    }
}

QString CandidateModel::columnHelp(int column)
{
    switch (column) {
    case starColumn:
        return Texts::tr("Starred by you");
    case stateColumn:
        return Texts::tr("How far the evaluation has come");
    case rewardColumn:
        return Texts::tr("What the search was told, 0 to 1");
    case accuracyColumn:
        return Texts::tr("Of the backbone with this operator in its slots");
    case speedupColumn:
        return Texts::tr("The baseline's latency divided by this operator's: above 1 is faster");
    case flopsRatioColumn:
        return Texts::tr("This operator's FLOPs divided by the baseline's: below 1 is cheaper");
    case flopsColumn:
        return Texts::tr("Over all slots; one multiply-add counts 2");
    case iterationColumn:
        return Texts::tr("Of the search, when it was found");
    case hashColumn:
        return Texts::tr("The canonical hash: equal operators have equal hashes");
    default:
        return columnTitle(column);
    }
}

QString CandidateModel::columnKey(int column)
{
    static constexpr const char* keys[columnCount_] = {"starred",   "name",        "state", "reward", "accuracy",
                                                       "speedup",   "flops_ratio", "flops", "params", "primitives",
                                                       "iteration", "hash",        "note"};
    return column >= 0 && column < columnCount_ ? QString::fromLatin1(keys[column]) : QString();
}

} // namespace synoscope
