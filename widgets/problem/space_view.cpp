#include "widgets/problem/space_view.h"

#include "widgets/common/format.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

namespace synoscope {

namespace {

class SpaceTexts
{
    Q_DECLARE_TR_FUNCTIONS(SpaceTexts)

public:
    static QString size(const SpaceFigures& figures);
    static QString sampling(const SpaceFigures& figures);
};

QString SpaceTexts::size(const SpaceFigures& f)
{
    using Stage = SpaceFigures::Stage;
    if (f.stage == Stage::none)
        return tr("The size of the space is estimated when the problem is complete.");
    if (f.stage == Stage::waiting)
        return tr("Operators in this space: …");
    if (f.exhausted && f.found == 0)
        return tr("No operator fits into these limits.");
    if (f.exhausted)
        return tr("Operators in this space: %1, all found in %2")
            .arg(format::count(f.found), format::duration(f.seconds));
    if (f.estimated)
        return tr("Operators in this space: about %1 (%2 to %3)")
            .arg(format::quantity(f.likely), format::quantity(f.least, 2), format::quantity(f.most, 2));
    if (f.found == 0 && f.stage == Stage::done)
        return tr("No operator was found: the limits may be too tight.");
    if (f.stage == Stage::done)
        return tr("Operators in this space: more than %1; a longer sample says how many").arg(format::count(f.found));
    return tr("Operators in this space: %1 so far…").arg(format::count(f.found));
}

QString SpaceTexts::sampling(const SpaceFigures& f)
{
    if (f.rollouts == 0)
        return {};
    const double rollouts = static_cast<double>(f.rollouts), finished = static_cast<double>(f.finished);
    QStringList parts{//: %1: share, %2: number
                      tr("%1 of %2 rollouts ended in an operator")
                          .arg(format::percent(finished / rollouts, 0), format::count(f.rollouts))};
    if (f.rolloutSeconds > 0)
        parts << tr("%1 a second").arg(format::quantity(finished / f.rolloutSeconds, 2));
    if (f.estimated && !f.exhausted)
        parts << tr("the size is an order of magnitude, from random parts of the space");
    return parts.join(QStringLiteral(" · "));
}

} // namespace

SpaceView::SpaceView(QWidget* parent)
    : QWidget(parent), size_(new QLabel(this)), sampling_(new QLabel(this)),
      longer_(new QPushButton(tr("Sample for &longer"), this))
{
    QFont bold = size_->font();
    bold.setBold(true);
    size_->setFont(bold);
    size_->setWordWrap(true);
    size_->setAccessibleName(tr("Size of the space"));
    size_->setObjectName(QStringLiteral("spaceSize"));
    sampling_->setForegroundRole(QPalette::PlaceholderText);
    sampling_->setWordWrap(true);
    sampling_->setObjectName(QStringLiteral("spaceSampling"));
    longer_->setToolTip(tr("Four times as long: larger samples tell more of a large space"));
    longer_->setAutoDefault(false);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(2);
    grid->addWidget(size_, 0, 0);
    grid->addWidget(sampling_, 1, 0);
    grid->addWidget(longer_, 0, 1, 2, 1, Qt::AlignVCenter);
    grid->setColumnStretch(0, 1);
    sampling_->setMinimumHeight(sampling_->fontMetrics().height()); // what is below does not jump
    connect(longer_, &QPushButton::clicked, this, &SpaceView::longerRequested);
    setFigures({});
}

void SpaceView::setFigures(const SpaceFigures& figures)
{
    size_->setText(SpaceTexts::size(figures));
    sampling_->setText(SpaceTexts::sampling(figures));
    longer_->setEnabled(figures.stage == SpaceFigures::Stage::done && !figures.exhausted);
}

QString SpaceView::sentence() const
{
    return size_->text();
}

} // namespace synoscope
