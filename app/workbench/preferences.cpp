#include "app/workbench/preferences.h"

#include <QtCore/QSettings>
#include <QtWidgets/QApplication>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QVBoxLayout>

namespace synoscope {

namespace {

const QStringList languages{QString(), QStringLiteral("en"), QStringLiteral("zh_CN")}; // in the order of the box

} // namespace

Preferences Preferences::load()
{
    const QSettings settings;
    const auto stored = [&](const char* key, const QVariant& otherwise) {
        return settings.value(QLatin1String("preferences/") + QLatin1String(key), otherwise);
    };
    Preferences preferences;
    if (const QString language = stored("language", QString()).toString(); languages.contains(language))
        preferences.language = language;
    if (const int percent = stored("text", 100).toInt(); percent >= leastText && percent <= mostText)
        preferences.textPercent = percent;
    preferences.animations = stored("animations", true).toBool();
    preferences.openLast = stored("openLast", false).toBool();
    return preferences;
}

void Preferences::save() const
{
    QSettings settings;
    settings.beginGroup(QStringLiteral("preferences"));
    settings.setValue(QStringLiteral("language"), language);
    settings.setValue(QStringLiteral("text"), textPercent);
    settings.setValue(QStringLiteral("animations"), animations);
    settings.setValue(QStringLiteral("openLast"), openLast);
}

void setTextSize(int percent)
{
    static const QFont system = QApplication::font();
    QFont font = system;
    if (system.pointSizeF() > 0)
        font.setPointSizeF(system.pointSizeF() * percent / 100);
    else
        font.setPixelSize(qRound(system.pixelSize() * percent / 100.0));
    if (font == QApplication::font())
        return;
    const QString sheet = qApp->styleSheet(); // under one, widgets that are there would not follow
    qApp->setStyleSheet({});
    QApplication::setFont(font);
    qApp->setStyleSheet(sheet);
}

PreferencesDialog::PreferencesDialog(const Preferences& preferences, ThemeMode theme, QWidget* parent)
    : QDialog(parent), preferences_(preferences), language_(new QComboBox), theme_(new QComboBox), text_(new QSpinBox),
      animations_(new QCheckBox(tr("&Animate the search tree"))),
      openLast_(new QCheckBox(tr("&Open the last experiment at the start, instead of the demo")))
{
    setWindowTitle(tr("Preferences"));
    language_->addItems({tr("As the system"), QStringLiteral("English"), QStringLiteral("中文")});
    language_->setCurrentIndex(static_cast<int>(languages.indexOf(preferences.language)));
    for (const auto& [mode, name] : {std::pair{ThemeMode::system, tr("As the system")},
                                     {ThemeMode::light, tr("Light")},
                                     {ThemeMode::dark, tr("Dark")}})
        theme_->addItem(name, static_cast<int>(mode));
    theme_->setCurrentIndex(theme_->findData(static_cast<int>(theme)));
    text_->setRange(Preferences::leastText, Preferences::mostText);
    text_->setSingleStep(10);
    text_->setSuffix(QStringLiteral(" %"));
    text_->setValue(preferences.textPercent);
    text_->setKeyboardTracking(false); // 1 and 15 are not meant by who types 150
    animations_->setChecked(preferences.animations);
    openLast_->setChecked(preferences.openLast);
    auto* later = new QLabel(tr("In force when the program starts the next time."));
    later->setVisible(false);
    later->setWordWrap(true);

    auto* form = new QFormLayout;
    form->addRow(tr("&Language:"), language_);
    form->addRow(QString(), later);
    form->addRow(tr("&Theme:"), theme_);
    form->addRow(tr("Text &size:"), text_);
    form->addRow(animations_);
    form->addRow(openLast_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addStretch();
    layout->addWidget(buttons);
    layout->setSizeConstraint(QLayout::SetFixedSize); // follows the size of its texts

    connect(language_, &QComboBox::activated, later, &QWidget::show);
    connect(language_, &QComboBox::currentIndexChanged, this, &PreferencesDialog::tell);
    connect(text_, &QSpinBox::valueChanged, this, &PreferencesDialog::tell);
    connect(animations_, &QCheckBox::toggled, this, &PreferencesDialog::tell);
    connect(openLast_, &QCheckBox::toggled, this, &PreferencesDialog::tell);
    connect(theme_, &QComboBox::currentIndexChanged, this,
            [this] { Q_EMIT themeChosen(static_cast<ThemeMode>(theme_->currentData().toInt())); });
}

void PreferencesDialog::tell()
{
    Preferences now = preferences_;
    now.language = languages.value(language_->currentIndex());
    now.textPercent = text_->value();
    now.animations = animations_->isChecked();
    now.openLast = openLast_->isChecked();
    if (now == preferences_)
        return;
    preferences_ = now;
    Q_EMIT changed(now);
}

} // namespace synoscope
