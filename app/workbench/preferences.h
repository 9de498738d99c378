// What a user wants of the program, whatever experiment is open. Kept in QSettings; GUI thread.
#pragma once

#include "widgets/common/theme.h"

#include <QtWidgets/QDialog>

class QCheckBox;
class QComboBox;
class QSpinBox;

namespace synoscope {

struct Preferences
{
    static constexpr int leastText = 80;
    static constexpr int mostText = 200;

    QString language{};     // "en", "zh_CN"; empty: the system's. In force at the next start
    int textPercent = 100;  // of the system's size of texts
    bool animations = true; // of the tree, when it moves to a node
    bool openLast = false;  // at the start, instead of the demo

    // What is stored and out of range, or no language that there is, is as if it were not stored.
    static Preferences load();
    void save() const;

    friend bool operator==(const Preferences&, const Preferences&) = default;
};

// The size of all texts, relative to what the system had when it was first called.
void setTextSize(int percent);

// What is changed holds at once; there is nothing to confirm.
class PreferencesDialog final : public QDialog
{
    Q_OBJECT

public:
    PreferencesDialog(const Preferences& preferences, ThemeMode theme, QWidget* parent);

Q_SIGNALS:
    void changed(const synoscope::Preferences& preferences);
    void themeChosen(synoscope::ThemeMode mode);

private:
    void tell();

    Preferences preferences_;
    QComboBox* language_;
    QComboBox* theme_;
    QSpinBox* text_;
    QCheckBox* animations_;
    QCheckBox* openLast_;
};

} // namespace synoscope
