#include "app/workbench/reward_dialog.h"

#include "widgets/common/format.h"

#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QDoubleSpinBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QGroupBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>

#include <cmath>
#include <limits>

namespace synoscope {

namespace {

constexpr int settleTime = 150; // milliseconds
constexpr int thousandths = 1000;

// Three decimals may be typed; zeros at the end are not shown.
class FigureBox final : public QDoubleSpinBox
{
public:
    using QDoubleSpinBox::QDoubleSpinBox;
    QString textFromValue(double value) const override
    {
        return locale().toString(value, 'f', QLocale::FloatingPointShortest);
    }
};

} // namespace

RewardDialog::RewardDialog(const RewardSettings& now, QWidget* parent)
    : QDialog(parent), now_(now), message_(new QLabel(this)), progress_(new QProgressBar(this)),
      buttons_(new QDialogButtonBox(this))
{
    setWindowTitle(tr("Change the reward"));
    auto* intro = new QLabel(tr("All rewards follow from what was measured already; nothing is measured again. The search goes on "
                                "with the tree of the new reward. Evaluations under way begin anew."),
                             this);
    intro->setWordWrap(true);
    message_->setWordWrap(true);
    message_->setTextFormat(Qt::PlainText);
    message_->setMinimumHeight(fontMetrics().lineSpacing() * 3); // the dialog does not jump with the sentence
    message_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    message_->setAccessibleName(tr("What this reward changes"));
    progress_->setRange(0, thousandths);
    progress_->hide();

    groups_ = {accuracyGroup(), objectiveGroup(tr("Latency, a share of the baseline's"), latency_),
               objectiveGroup(tr("FLOPs, a share of the baseline's"), flops_)};
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(intro);
    for (QWidget* group : groups_)
        layout->addWidget(group);
    layout->addWidget(message_);
    layout->addWidget(progress_);
    layout->addWidget(buttons_);
    buildButtons();

    settled_.setSingleShot(true);
    settled_.setInterval(settleTime);
    connect(&settled_, &QTimer::timeout, this, &RewardDialog::askForPreview);
    load(now_);
    shown_ = settings();
    for (QDoubleSpinBox* box : findChildren<QDoubleSpinBox*>())
        connect(box, &QDoubleSpinBox::valueChanged, this, &RewardDialog::changed);
    changed();
    floor_->setFocus();
    floor_->selectAll();
}

QDoubleSpinBox* RewardDialog::field(const QString& name, const QString& help, double low, double high, double step)
{
    auto* box = new FigureBox(this);
    box->setRange(low, high);
    box->setDecimals(3);
    box->setSingleStep(step);
    box->setAccessibleName(name);
    box->setToolTip(help);
    box->setAlignment(Qt::AlignRight);
    return box;
}

QWidget* RewardDialog::accuracyGroup()
{
    auto* group = new QGroupBox(tr("Accuracy"), this);
    auto* form = new QFormLayout(group);
    const auto add = [&](const QString& label, QDoubleSpinBox* box) { form->addRow(label, box); };
    floor_ = field(tr("Floor of the accuracy"), tr("Up to this accuracy there is no reward"), 0, 100, 1);
    ceiling_ = field(tr("Ceiling of the accuracy"), tr("From this accuracy on the reward is whole"), 0, 100, 1);
    power_ = field(tr("Power"), tr("How steeply the reward rises between floor and ceiling: 1 is a straight line"), 0.01,
                   100, 0.5);
    for (QDoubleSpinBox* box : {floor_, ceiling_})
        box->setSuffix(QStringLiteral(" %"));
    add(tr("&Floor"), floor_);
    add(tr("&Ceiling"), ceiling_);
    add(tr("&Power"), power_);
    return group;
}

QWidget* RewardDialog::objectiveGroup(const QString& title, Objective& objective)
{
    auto* group = new QGroupBox(title, this);
    auto* form = new QFormLayout(group);
    //: %1: what is measured, %2: one of its settings
    const auto name = [&](const QString& setting) { return tr("%1: %2").arg(title, setting); };
    objective.target = field(name(tr("Target")), tr("Up to this share of the baseline's the reward is whole"), 0.001,
                             1e6, 0.05);
    objective.weight = field(name(tr("Weight")),
                             tr("How much a share above the target takes away: (target / share) ^ weight; 0: nothing"), 0,
                             100, 0.1);
    objective.limit = field(name(tr("Limit")), tr("Above this share there is no reward"), 0, 1e6, 0.05);
    objective.limit->setSpecialValueText(tr("none"));
    for (QDoubleSpinBox* box : {objective.target, objective.limit})
        box->setSuffix(QStringLiteral(" ×"));
    form->addRow(tr("Target"), objective.target);
    form->addRow(tr("Weight"), objective.weight);
    form->addRow(tr("Limit"), objective.limit);
    return group;
}

void RewardDialog::buildButtons()
{
    change_ = buttons_->addButton(tr("Change the &reward"), QDialogButtonBox::AcceptRole);
    restore_ = buttons_->addButton(tr("&As it is now"), QDialogButtonBox::ResetRole);
    buttons_->addButton(QDialogButtonBox::Cancel);
    change_->setDefault(true);
    connect(change_, &QPushButton::clicked, this, &RewardDialog::change);
    connect(restore_, &QPushButton::clicked, this, [this] { load(now_); });
    connect(buttons_, &QDialogButtonBox::rejected, this, &RewardDialog::reject);
}

void RewardDialog::load(const RewardSettings& settings)
{
    floor_->setValue(settings.accuracyFloor * 100);
    ceiling_->setValue(settings.accuracyCeiling * 100);
    power_->setValue(settings.power);
    const auto show = [](const Objective& fields, const RatioObjective& objective) {
        fields.target->setValue(objective.target);
        fields.weight->setValue(objective.weight);
        fields.limit->setValue(std::isfinite(objective.limit) ? objective.limit : 0);
    };
    show(latency_, settings.latency);
    show(flops_, settings.flops);
}

RatioObjective RewardDialog::valueOf(const Objective& objective)
{
    const double limit = objective.limit->value();
    return {.limit = limit > 0 ? limit : std::numeric_limits<double>::infinity(),
            .target = objective.target->value(),
            .weight = objective.weight->value()};
}

RewardSettings RewardDialog::settings() const
{
    RewardSettings settings;
    settings.accuracyFloor = floor_->value() / 100;
    settings.accuracyCeiling = ceiling_->value() / 100;
    settings.power = power_->value();
    settings.latency = valueOf(latency_);
    settings.flops = valueOf(flops_);
    return settings;
}

QString RewardDialog::refusal() const
{
    const RewardSettings wanted = settings();
    if (wanted.accuracyFloor >= wanted.accuracyCeiling)
        return tr("The accuracy's floor must be below its ceiling.");
    for (const auto& [objective, name] : {std::pair{wanted.latency, tr("latency")}, {wanted.flops, tr("FLOPs")}})
        if (objective.weight > 0 && objective.limit < objective.target)
            //: %1: "latency" or "FLOPs"
            return tr("The limit of the %1 is below the target: the weight would never count.").arg(name);
    return {};
}

void RewardDialog::changed()
{
    const QString why = refusal();
    const bool same = settings() == shown_;
    change_->setEnabled(why.isEmpty() && !same);
    restore_->setEnabled(!same);
    settled_.stop();
    ++question_; // answers to older ones are void
    if (!why.isEmpty())
        message_->setText(why);
    else if (same)
        message_->setText(tr("This is the reward as it is now."));
    else
        settled_.start();
}

void RewardDialog::askForPreview()
{
    Q_EMIT previewRequested(settings(), question_);
}

void RewardDialog::showPreview(const RewardPreview& preview)
{
    if (preview.question != question_ || changing_)
        return;
    if (preview.candidates == 0) {
        message_->setText(tr("No candidate has a reward yet: nothing changes but what comes."));
        return;
    }
    message_->setText(
        tr("About %1 of %2 rewards change, %3 are 0 then.\nThe best now: %4 with %5.\nThe best then: %6 with %7.")
            .arg(QString::number(preview.changed), QString::number(preview.candidates), QString::number(preview.zeros),
                 preview.bestNow, format::reward(preview.bestRewardNow), preview.bestThen,
                 format::reward(preview.bestRewardThen)));
}

void RewardDialog::setChanging(bool changing)
{
    changing_ = changing;
    for (QWidget* group : groups_)
        group->setEnabled(!changing);
    change_->setEnabled(!changing);
    restore_->setEnabled(!changing);
    progress_->setVisible(changing);
}

void RewardDialog::change()
{
    settled_.stop();
    cancelled_ = false;
    setChanging(true);
    progress_->setRange(0, 0); // until there is something to tell
    message_->setText(tr("Stopping the evaluations…"));
    Q_EMIT changeRequested(settings());
}

void RewardDialog::showProgress(double share)
{
    if (!changing_)
        return;
    const bool opening = share >= 1; // which takes a moment, and does not tell how long
    progress_->setRange(0, opening ? 0 : thousandths);
    progress_->setValue(static_cast<int>(share * thousandths));
    message_->setText(opening ? tr("Opening the experiment with its new rewards…") : tr("Changing the rewards…"));
}

void RewardDialog::showFailure(const QString& sentence)
{
    if (changing_)
        message_->setText(sentence);
}

void RewardDialog::end(bool changed)
{
    if (!changing_)
        return;
    if (changed)
        return QDialog::accept();
    const QString failure = message_->text();
    setChanging(false);
    change_->setEnabled(true);
    message_->setText(cancelled_ ? tr("Cancelled: no reward has changed.") : failure);
}

void RewardDialog::reject()
{
    if (!changing_)
        return QDialog::reject();
    cancelled_ = true;
    message_->setText(tr("Cancelling…"));
    Q_EMIT cancelRequested();
}

RewardDialog* openRewardDialog(SessionPort& port, const RewardSettings& now, QWidget* parent)
{
    auto* dialog = new RewardDialog(now, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &RewardDialog::previewRequested, &port, &SessionPort::previewReward);
    QObject::connect(dialog, &RewardDialog::changeRequested, &port, &SessionPort::changeReward);
    QObject::connect(dialog, &RewardDialog::cancelRequested, &port, &SessionPort::cancelRewardChange);
    QObject::connect(&port, &SessionPort::rewardPreview, dialog, &RewardDialog::showPreview);
    QObject::connect(&port, &SessionPort::rewardProgress, dialog, &RewardDialog::showProgress);
    QObject::connect(&port, &SessionPort::failed, dialog, [dialog](const Error& error) {
        dialog->showFailure(QString::fromStdString(error.text()));
    });
    QObject::connect(&port, &SessionPort::rewardChangeEnded, dialog,
                     [dialog](const QString& sentence) { dialog->end(!sentence.isEmpty()); });
    dialog->open();
    return dialog;
}

} // namespace synoscope
