#include "app/workbench/status_line.h"

#include "widgets/common/format.h"

#include <QtWidgets/QLabel>

#include <cmath>

namespace synoscope {

namespace {

QString runningText(const SessionStatus& status)
{
    const bool ends = std::isfinite(status.secondsLeft) && status.secondsLeft > 0;
    const QString left = ends ? format::duration(std::ceil(status.secondsLeft)) : QString();
    if (status.standsFor == 0)
        return ends ? StatusLine::tr("Searching, %1 left").arg(left) : StatusLine::tr("Searching");
    const QString waits = status.standsFor == 1
                              ? StatusLine::tr("The search waits for one evaluation")
                              : StatusLine::tr("The search waits for %1 evaluations").arg(status.standsFor);
    return ends ? StatusLine::tr("%1, %2 left").arg(waits, left) : waits;
}

QString phaseText(const SessionStatus& status)
{
    switch (status.phase) {
    case SearchPhase::none:
        return StatusLine::tr("No experiment");
    case SearchPhase::idle:
        return status.iterations == 0 ? StatusLine::tr("Ready") : StatusLine::tr("Paused");
    case SearchPhase::running:
        return runningText(status);
    case SearchPhase::finished:
        return status.reason.isEmpty() ? StatusLine::tr("Finished") : StatusLine::tr("Finished: %1").arg(status.reason);
    }
    return {};
}

} // namespace

StatusLine::StatusLine(QWidget* parent)
    : QStatusBar(parent), phase_(new QLabel(this)),
      rate_(addFigure(tr("Iterations of the search, and how many a second"))),
      found_(addFigure(tr("Distinct operators found, and how many were found again"))),
      evaluated_(addFigure(tr("Candidates that were trained and measured"))),
      waiting_(addFigure(tr("Evaluations that wait or run"))), best_(addFigure(tr("The best reward so far"))),
      memory_(addFigure(tr("Memory that the search takes")))
{
    setSizeGripEnabled(false);
    phase_->setAccessibleName(tr("State of the search"));
    addWidget(phase_);
    setStatus({});
}

QLabel* StatusLine::addFigure(const QString& help)
{
    auto* label = new QLabel(this);
    label->setToolTip(help);
    label->setAccessibleDescription(help);
    addPermanentWidget(label);
    return label;
}

void StatusLine::setStatus(const SessionStatus& status)
{
    phase_->setText(phaseText(status));
    phase_->setToolTip(status.standsFor == 0
                           ? QString()
                           : tr("As many operators as allowed are being evaluated. The search goes on when one of them "
                                "has its reward; the list of jobs shows how far they are."));
    const bool open = status.phase != SearchPhase::none;
    for (QLabel* label : {rate_, found_, evaluated_, waiting_, best_, memory_})
        label->setVisible(open);
    if (!open)
        return;
    const QString iterations = status.iterations == 1
                                   ? tr("1 iteration")
                                   : tr("%1 iterations").arg(format::quantity(static_cast<double>(status.iterations)));
    rate_->setText(status.phase == SearchPhase::running
                       ? tr("%1, %2/s").arg(iterations, format::quantity(status.iterationsPerSecond))
                       : iterations);
    const double again = static_cast<double>(status.candidates + status.duplicates);
    found_->setText(status.duplicates == 0
                        ? tr("%1 candidates").arg(format::quantity(static_cast<double>(status.candidates)))
                        : tr("%1 candidates, %2 again")
                              .arg(format::quantity(static_cast<double>(status.candidates)),
                                   format::percent(static_cast<double>(status.duplicates) / again)));
    evaluated_->setText(tr("%1 evaluated").arg(format::quantity(static_cast<double>(status.evaluated))));
    waiting_->setText(tr("%1 waiting").arg(format::quantity(static_cast<double>(status.waiting))));
    waiting_->setVisible(status.waiting > 0);
    best_->setText(tr("best %1").arg(format::reward(status.bestReward)));
    memory_->setText(format::bytes(static_cast<double>(status.memoryBytes)));
}

} // namespace synoscope
