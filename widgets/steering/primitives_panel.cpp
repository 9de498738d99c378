#include "widgets/steering/primitives_panel.h"

#include "widgets/steering/constraint_list.h"
#include "widgets/steering/kind_rows.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

namespace synoscope {

PrimitivesPanel::PrimitivesPanel(QWidget* parent)
    : QWidget(parent), kinds_(new KindRows(this)), constraints_(new ConstraintList(this)), title_(new QLabel(this)),
      liftAll_(new QPushButton(tr("Lift all"), this))
{
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(kinds_);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);

    auto* heading = new QHBoxLayout;
    heading->setContentsMargins(10, 4, 10, 4);
    QFont bold = title_->font();
    bold.setBold(true);
    title_->setFont(bold);
    heading->addWidget(title_, 1);
    heading->addWidget(liftAll_);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(scroll, 3);
    layout->addLayout(heading);
    layout->addWidget(constraints_, 2);

    connect(kinds_, &KindRows::pinRequested, this, &PrimitivesPanel::pinRequested);
    connect(kinds_, &KindRows::pruneRequested, this, &PrimitivesPanel::pruneRequested);
    connect(constraints_, &ConstraintList::liftRequested, this, &PrimitivesPanel::liftRequested);
    connect(liftAll_, &QPushButton::clicked, this, &PrimitivesPanel::liftAllRequested);
    setConstraints({});
}

void PrimitivesPanel::setCounts(const std::vector<PrimitiveCount>& counts)
{
    kinds_->setCounts(counts);
    // The rows do not scroll sideways: the switches at their end must always be in sight. Queued, because new rows have
    // no size before they are shown.
    QMetaObject::invokeMethod(
        this,
        [this] {
            setMinimumWidth(kinds_->minimumSizeHint().width() + style()->pixelMetric(QStyle::PM_ScrollBarExtent));
        },
        Qt::QueuedConnection);
}

void PrimitivesPanel::setConstraints(const std::vector<ActiveConstraint>& constraints)
{
    constraints_->setConstraints(constraints);
    title_->setText(tr("Active constraints: %1").arg(constraints.size()));
    liftAll_->setEnabled(!constraints.empty());
}

} // namespace synoscope
