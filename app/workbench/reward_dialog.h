// "Change the reward": what a candidate is rewarded for, checked as one types, with what it would change.
//
//     fields --settled for a moment--> previewRequested --> session --> showPreview
//     "Change" --> changeRequested --> session --> showProgress ... end
//
// Not blocking: it is opened, and closes itself when the reward has changed. While that goes on, Cancel cancels it.
#pragma once

#include "app/workbench/session_port.h"

#include <QtCore/QTimer>
#include <QtWidgets/QDialog>

class QDialogButtonBox;
class QDoubleSpinBox;
class QLabel;
class QProgressBar;
class QPushButton;

namespace synoscope {

class RewardDialog final : public QDialog
{
    Q_OBJECT

public:
    RewardDialog(const RewardSettings& now, QWidget* parent);

    RewardSettings settings() const;
    QString refusal() const; // a sentence: why these settings are none; empty: they are
    bool changing() const { return changing_; }

    void showPreview(const RewardPreview& preview); // of the latest question only
    void showProgress(double share);
    void showFailure(const QString& sentence);
    void end(bool changed);

    void reject() override; // while the reward changes: asks to cancel that, and stays

Q_SIGNALS:
    void previewRequested(const synoscope::RewardSettings& reward, std::uint64_t question);
    void changeRequested(const synoscope::RewardSettings& reward);
    void cancelRequested();

private:
    struct Objective
    {
        QDoubleSpinBox* target;
        QDoubleSpinBox* limit;
        QDoubleSpinBox* weight;
    };

    QDoubleSpinBox* field(const QString& name, const QString& help, double low, double high, double step);
    QWidget* accuracyGroup();
    QWidget* objectiveGroup(const QString& title, Objective& objective);
    void buildButtons();
    void load(const RewardSettings& settings);
    static RatioObjective valueOf(const Objective& objective);
    void changed(); // a field
    void askForPreview();
    void change();
    void setChanging(bool changing);

    RewardSettings now_;     // of the experiment
    RewardSettings shown_{}; // the same as the fields round it
    QDoubleSpinBox* floor_ = nullptr;
    QDoubleSpinBox* ceiling_ = nullptr;
    QDoubleSpinBox* power_ = nullptr;
    Objective latency_{};
    Objective flops_{};
    QList<QWidget*> groups_;
    QLabel* message_;
    QProgressBar* progress_;
    QDialogButtonBox* buttons_;
    QPushButton* change_ = nullptr;
    QPushButton* restore_ = nullptr;
    QTimer settled_; // asks for the preview when nothing was typed for a moment
    std::uint64_t question_ = 0;
    bool changing_ = false;
    bool cancelled_ = false;
};

// Opens the dialog over the window, wired to the session.
RewardDialog* openRewardDialog(SessionPort& port, const RewardSettings& now, QWidget* parent);

} // namespace synoscope
