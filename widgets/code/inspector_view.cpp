#include "widgets/code/inspector_view.h"

#include "widgets/code/reach_picture.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QtCore/QEvent>
#include <QtCore/QUrl>
#include <QtGui/QFontDatabase>
#include <QtWidgets/QScrollBar>

#include <algorithm>
#include <cmath>

namespace synoscope {

namespace {

// A table without frames: a line of headings, then rows. Cells are escaped here.
class HtmlTable
{
public:
    explicit HtmlTable(const QStringList& headings) : columns_(headings.size())
    {
        line(headings, QStringLiteral("th"));
    }

    void row(const QStringList& cells) { line(cells, QStringLiteral("td")); }
    void wideRow(const QString& text)
    {
        rows_ += QStringLiteral("<tr><td colspan='%1'>%2</td></tr>").arg(columns_).arg(text.toHtmlEscaped());
    }
    QString text() const
    {
        return QStringLiteral("<table cellspacing='0' width='98%'>") + rows_ + QStringLiteral("</table>");
    }

private:
    // The first column is a name, the others figures.
    void line(const QStringList& cells, const QString& tag)
    {
        rows_ += QStringLiteral("<tr>");
        for (qsizetype i = 0; i < cells.size(); ++i)
            rows_ += QStringLiteral("<%1 align='%2'>%3</%1>")
                         .arg(tag, i == 0 ? QStringLiteral("left") : QStringLiteral("right"), cells[i].toHtmlEscaped());
        rows_ += QStringLiteral("</tr>");
    }

    qsizetype columns_;
    QString rows_;
};

QString section(const QString& title, const QString& body)
{
    return QStringLiteral("<h4>%1</h4>%2").arg(title.toHtmlEscaped(), body);
}

QString formulaText(const InspectorValues& values)
{
    QString formula = values.formula.toHtmlEscaped();
    formula.replace(u'\n', QStringLiteral("<br>"));
    return QStringLiteral("<p class='formula'>%1</p>").arg(formula);
}

QString costSection(const InspectorValues& values)
{
    const bool ratios =
        std::ranges::any_of(values.costs, [](const auto& cost) { return std::isfinite(cost.flopsRatio); });
    QStringList headings{InspectorView::tr("FLOPs"), InspectorView::tr("Params"), InspectorView::tr("Moved"),
                         InspectorView::tr("Peak")};
    if (ratios)
        headings.insert(1,
                        //: FLOPs as a share of the baseline's
                        InspectorView::tr("Ratio"));
    HtmlTable table(headings);
    for (const auto& cost : values.costs) {
        const QString layer =
            cost.count > 1 ? InspectorView::tr("%1 (%2 times)").arg(cost.binding).arg(cost.count) : cost.binding;
        table.wideRow(layer); // above its figures: a dock is narrow
        QStringList cells{format::quantity(cost.flops), format::quantity(cost.params), format::bytes(cost.bytes),
                          format::bytes(cost.peakBytes)};
        if (ratios)
            cells.insert(1, format::ratio(cost.flopsRatio));
        table.row(cells);
    }
    return section(InspectorView::tr("Costs"), table.text());
}

QString weightTable(const InspectorValues& values)
{
    HtmlTable table({InspectorView::tr("Weight"), InspectorView::tr("Shape"), InspectorView::tr("First layer")});
    for (const auto& weight : values.weights)
        table.row({weight.name, weight.shape, weight.concrete});
    return table.text();
}

QString moveSection(const InspectorValues& values)
{
    QStringList moves;
    for (const auto& move : values.moves)
        moves << (move.node == 0
                      ? move.text.toHtmlEscaped()
                      : QStringLiteral("<a href='node:%1'>%2</a>").arg(move.node).arg(move.text.toHtmlEscaped()));
    return section(InspectorView::tr("Way through the tree"),
                   QStringLiteral("<p>") + moves.join(QStringLiteral(" › ")) + QStringLiteral("</p>"));
}

// The table stands for itself: measurements with their provenance are long.
QString latencySection(const InspectorValues& values, const QString& title)
{
    if (values.layers.isEmpty())
        return {};
    HtmlTable table({InspectorView::tr("Latency"), InspectorView::tr("Baseline"), InspectorView::tr("Speed-up"),
                     InspectorView::tr("95 % within")});
    for (const LayerLatency& one : values.layers) {
        const QString layer = one.ofNetwork() ? InspectorView::tr("the whole network, one pass") : one.layer;
        table.wideRow(one.count > 1 ? InspectorView::tr("%1 (%2 times)").arg(layer).arg(one.count) : layer);
        table.row({format::latency(one.medianUs), format::latency(one.baselineUs), format::ratio(one.speedup),
                   one.speedupLow < one.speedupHigh
                       ? QStringLiteral("%1 – %2").arg(format::ratio(one.speedupLow), format::ratio(one.speedupHigh))
                       : format::unknown()});
    }
    return section(title, table.text());
}

QString measurementText(const InspectorValues& values)
{
    QString rows;
    for (const auto& measurement : values.measurements)
        rows += QStringLiteral("<p><b>%1</b> %2<br><span class='muted'>%3%4%5</span></p>")
                    .arg(measurement.what.toHtmlEscaped(), measurement.value.toHtmlEscaped(),
                         measurement.where.toHtmlEscaped(),
                         measurement.details.isEmpty() ? QString() : QStringLiteral("<br>"),
                         measurement.details.toHtmlEscaped());
    if (rows.isEmpty())
        rows =
            QStringLiteral("<p class='muted'>%1</p>").arg(InspectorView::tr("Nothing measured yet.").toHtmlEscaped());
    return rows;
}

} // namespace

InspectorView::InspectorView(QWidget* parent)
    : QTextBrowser(parent),
      empty_(new EmptyState(tr("No operator selected"),
                            tr("Select a candidate to see its formula, its costs and its measurements."), viewport()))
{
    setAccessibleName(tr("Inspector"));
    setOpenLinks(false);
    setFrameShape(QFrame::NoFrame);
    document()->setDocumentMargin(8);
    connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
        if (link.scheme() == QStringLiteral("node"))
            Q_EMIT nodeRequested(link.path().toULongLong());
    });
}

void InspectorView::setValues(const InspectorValues& values)
{
    const bool same = values.candidate == values_.candidate && !other_;
    other_.reset();
    const int place = verticalScrollBar()->value();
    values_ = values;
    render();
    verticalScrollBar()->setValue(same ? place : 0);
}

void InspectorView::compare(const InspectorValues& first, const InspectorValues& second)
{
    values_ = first;
    other_ = second;
    render();
    verticalScrollBar()->setValue(0);
}

void InspectorView::clear()
{
    setValues({});
}

void InspectorView::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        render();
}

void InspectorView::render()
{
    empty_->setVisible(values_.candidate == 0);
    if (values_.candidate == 0) {
        setHtml({});
        return;
    }
    document()->clear(); // with the pictures of what was shown before
    pictures_ = 0;
    const Colors& colors = Colors::of(palette());
    const QString fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
    document()->setDefaultStyleSheet(
        QStringLiteral("h3 { margin: 0 0 2px 0; } h4 { margin: 14px 0 4px 0; color: %1; }"
                       "th { color: %2; font-weight: normal; padding: 1px 6px 1px 0; }"
                       "td { padding: 1px 6px 1px 0; } .muted { color: %2; }"
                       ".formula { font-family: '%3'; margin: 0; } a { color: %1; text-decoration: none; }")
            .arg(colors.accent.name(), colors.mutedText.name(), fixed));
    setHtml(other_ ? twoOperators() : oneOperator());
}

// Side by side where there is room, each with its caption.
QString InspectorView::mapSection(const InspectorValues& values)
{
    constexpr int side = 120; // two of them fit into a narrow dock
    QString cells;
    for (const InspectorValues::Map& map : values.maps) {
        const QImage image = reachImage(map, Colors::of(palette()), side, devicePixelRatioF());
        const QString name = QStringLiteral("map:%1:%2").arg(values.candidate).arg(pictures_++);
        document()->addResource(QTextDocument::ImageResource, QUrl(name), image);
        cells +=
            QStringLiteral(
                "<td width='%1'><span class='muted'>%2</span><br><img src='%3' width='%4' height='%5' alt='%6'><br>"
                "<span class='muted'>%6</span></td>")
                .arg(side + 16)
                .arg(reachTitle(map.what).toHtmlEscaped(), name)
                .arg(image.deviceIndependentSize().width())
                .arg(image.deviceIndependentSize().height())
                .arg(reachCaption(map).toHtmlEscaped());
    }
    return cells.isEmpty() ? QString() : QStringLiteral("<table cellspacing='0'><tr>%1</tr></table>").arg(cells);
}

QString InspectorView::oneOperator()
{
    QString html = QStringLiteral("<h3>%1</h3><p class='muted' style='margin:0'>%2</p>")
                       .arg(values_.name.toHtmlEscaped(), values_.hash.toHtmlEscaped());
    if (!values_.note.isEmpty())
        html += QStringLiteral("<p>%1</p>").arg(values_.note.toHtmlEscaped());
    html += section(tr("Formula"), formulaText(values_));
    if (!values_.maps.isEmpty())
        html += section(tr("What it reads, in the first layer"), mapSection(values_));
    if (!values_.costs.isEmpty())
        html += costSection(values_);
    if (!values_.weights.isEmpty())
        html += section(tr("Weights"), weightTable(values_));
    if (!values_.moves.isEmpty())
        html += moveSection(values_);
    html += latencySection(values_, tr("Latency by layer"));
    return html + section(tr("Measurements"), measurementText(values_));
}

QString InspectorView::twoOperators()
{
    const InspectorValues& first = values_;
    const InspectorValues& second = *other_;
    QString html = QStringLiteral("<h3>%1</h3>").arg(tr("%1 and %2").arg(first.name, second.name).toHtmlEscaped());
    HtmlTable costs({tr("Layer"), first.name, second.name, tr("second to first")});
    const auto line = [&costs](const QString& title, double a, double b) {
        costs.row({title, format::quantity(a), format::quantity(b), format::ratio(b / a)});
    };
    for (qsizetype i = 0; i < std::min(first.costs.size(), second.costs.size()); ++i) {
        line(tr("%1: FLOPs").arg(first.costs[i].binding), first.costs[i].flops, second.costs[i].flops);
        line(tr("%1: parameters").arg(first.costs[i].binding), first.costs[i].params, second.costs[i].params);
    }
    html += section(tr("Costs"), costs.text());
    for (const InspectorValues* values : {&first, &second})
        html += section(tr("Formula of %1").arg(values->name), formulaText(*values));
    for (const InspectorValues* values : {&first, &second})
        if (!values->maps.isEmpty())
            html += section(tr("What %1 reads, in the first layer").arg(values->name), mapSection(*values));
    for (const InspectorValues* values : {&first, &second})
        html += section(tr("Weights of %1").arg(values->name), weightTable(*values));
    for (const InspectorValues* values : {&first, &second})
        html += latencySection(*values, tr("Latency of %1 by layer").arg(values->name));
    for (const InspectorValues* values : {&first, &second})
        html += section(tr("Measurements of %1").arg(values->name), measurementText(*values));
    return html;
}

} // namespace synoscope
