#include "widgets/steering/kind_rows.h"

#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace synoscope {

namespace {

constexpr int swatchSize = 12;
constexpr int belowAllRows = 100;

QPixmap swatch(const QColor& color, double ratio)
{
    QPixmap pixmap(QSize(swatchSize, swatchSize) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(0.5, 0.5, swatchSize - 1, swatchSize - 1), 3, 3);
    return pixmap;
}

QLabel* header(const QString& text, const QString& explanation, Qt::Alignment alignment, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setAlignment(alignment);
    label->setToolTip(explanation);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

KindRows::KindRows(QWidget* parent) : QWidget(parent), grid_(new QGridLayout(this))
{
    grid_->setContentsMargins(10, 6, 10, 6);
    grid_->setHorizontalSpacing(8);
    grid_->setVerticalSpacing(2);
    grid_->setColumnStretch(1, 1);
    grid_->setRowStretch(belowAllRows, 1);
    grid_->addWidget(header(tr("Move"), {}, Qt::AlignLeft, this), 0, 0, 1, 2);
    grid_->addWidget(header(tr("Moves"), tr("Nodes of the tree that such a move leads to"), Qt::AlignRight, this), 0,
                     2);
    grid_->addWidget(header(tr("Candidates"), tr("Operators found so far that contain it"), Qt::AlignRight, this), 0,
                     3);
}

void KindRows::setCounts(const std::vector<PrimitiveCount>& counts)
{
    const bool same = std::equal(counts.begin(), counts.end(), rows_.begin(), rows_.end(),
                                 [](const PrimitiveCount& count, const Row& row) { return count.kind == row.kind; });
    if (!same)
        rebuild(counts);
    for (std::size_t i = 0; i < counts.size(); ++i)
        show(rows_[i], counts[i]);
}

void KindRows::rebuild(const std::vector<PrimitiveCount>& counts)
{
    for (const Row& row : rows_)
        for (QWidget* part :
             std::initializer_list<QWidget*>{row.swatch, row.name, row.moves, row.candidates, row.pin, row.prune})
            delete part;
    rows_.clear();
    for (const PrimitiveCount& count : counts)
        rows_.push_back(makeRow(count.kind, static_cast<int>(rows_.size()) + 1));
    recolour();
}

QToolButton* KindRows::makeSwitch(const QIcon& sign, const QString& name)
{
    auto* button = new QToolButton(this);
    button->setIcon(sign);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setIconSize({16, 16});
    button->setFocusPolicy(Qt::StrongFocus);
    button->setToolTip(name);
    button->setAccessibleName(name);
    return button;
}

KindRows::Row KindRows::makeRow(int kind, int line)
{
    const QString name = kindName(kind);
    Row row{.kind = kind,
            .shown = {},
            .swatch = new QLabel(this),
            .name = new QLabel(name, this),
            .moves = new QLabel(this),
            .candidates = new QLabel(this),
            .pin = makeSwitch(icon(QStringLiteral("pin")), tr("Pin %1: every operator must contain it").arg(name)),
            .prune = makeSwitch(icon(QStringLiteral("prune")), tr("Prune %1: no operator may contain it").arg(name))};
    row.name->setToolTip(kindDescription(kind));
    row.pin->setObjectName(QStringLiteral("pin-%1").arg(kind));
    row.prune->setObjectName(QStringLiteral("prune-%1").arg(kind));
    for (QLabel* number : {row.moves, row.candidates})
        number->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    int column = 0;
    for (QWidget* part :
         std::initializer_list<QWidget*>{row.swatch, row.name, row.moves, row.candidates, row.pin, row.prune})
        grid_->addWidget(part, line, column++);
    // A click changes the button at once; the values then say what became of it, so it is set back until they do.
    connect(row.pin, &QToolButton::clicked, this, [this, kind, button = row.pin](bool on) {
        button->setChecked(!on);
        Q_EMIT pinRequested(kind, on);
    });
    connect(row.prune, &QToolButton::clicked, this, [this, kind, button = row.prune](bool on) {
        button->setChecked(!on);
        Q_EMIT pruneRequested(kind, on);
    });
    return row;
}

void KindRows::show(Row& row, const PrimitiveCount& count)
{
    row.moves->setText(format::quantity(static_cast<double>(count.moves)));
    row.candidates->setText(format::quantity(static_cast<double>(count.candidates)));
    row.moves->setToolTip(format::count(count.moves));
    row.candidates->setToolTip(format::count(count.candidates));
    row.pin->setChecked(count.pinned);
    row.prune->setChecked(count.pruned);
    row.pin->setEnabled(count.steerable && !count.pruned);
    row.prune->setEnabled(count.steerable && !count.pinned);
    if (row.shown.pruned != count.pruned || row.shown.pinned != count.pinned) {
        QFont font = row.name->font();
        font.setStrikeOut(count.pruned);
        font.setBold(count.pinned);
        row.name->setFont(font);
    }
    row.shown = count;
}

void KindRows::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        recolour();
}

void KindRows::recolour()
{
    const Colors& colors = Colors::of(palette());
    for (const Row& row : rows_)
        row.swatch->setPixmap(swatch(colors.kind(row.kind), devicePixelRatioF()));
}

} // namespace synoscope
