#include "app/workbench/problem_dialog.h"

#include "app/workbench/problem_adviser.h"
#include "widgets/common/icons.h"
#include "widgets/problem/fault_label.h"
#include "widgets/problem/problem_editor.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QSaveFile>
#include <QtCore/QSettings>
#include <QtCore/QStandardPaths>
#include <QtGui/QScreen>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>

namespace synoscope {

namespace {

constexpr QSize firstSize(980, 690);
constexpr qint64 largestFile = 4 << 20; // the reader takes no more
const QString problemFolder = QStringLiteral("problemFolder");
const QString experimentFolder = QStringLiteral("experimentFolder");
const QString experimentSuffix = QStringLiteral(".synoscope");
const QString firstProblem = QStringLiteral("conv2d-tiny");

// A name that is free: "demo.synoscope", "demo-2.synoscope"...
QString freeName(const QDir& folder, const QString& base, const QString& suffix)
{
    QString name = base + suffix;
    for (int i = 2; folder.exists(name); ++i)
        name = QStringLiteral("%1-%2%3").arg(base).arg(i).arg(suffix);
    return folder.filePath(name);
}

} // namespace

ProblemDialog::ProblemDialog(Purpose purpose, QWidget* parent)
    : QDialog(parent), purpose_(purpose), editor_(new ProblemEditor(problemChoices(), this)),
      adviser_(new ProblemAdviser(*editor_)), message_(new FaultLabel(this)), buttons_(new QDialogButtonBox(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(makeStart());
    layout->addWidget(editor_, 1);
    if (purpose_ == Purpose::newExperiment)
        layout->addWidget(makeDatabase());
    layout->addWidget(message_);
    layout->addWidget(buttons_);
    makeButtons();
    resize(firstSize.boundedTo(screen()->availableSize()));
    connect(editor_, &ProblemEditor::edited, this, &ProblemDialog::refresh);
    connect(editor_, &ProblemEditor::validityChanged, this, &ProblemDialog::refresh);
    start_->setCurrentIndex(std::max(0, start_->findText(firstProblem)));
    start(start_->currentIndex());
    start_->setFocus();
}

QWidget* ProblemDialog::makeStart()
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    start_ = new QComboBox(row);
    start_->setAccessibleName(tr("Problem to start from"));
    start_->setToolTip(tr("A problem that comes with the program; it can be changed below"));
    start_->addItem(tr("An empty problem"));
    for (const auto& [name, file] : shippedProblems())
        start_->addItem(name, file);
    auto* label = new QLabel(tr("Start &from"), row);
    label->setBuddy(start_);
    auto* open = new QPushButton(icon(QStringLiteral("open")), tr("&Open a file…"), row);
    open->setAutoDefault(false);
    layout->addWidget(label);
    layout->addWidget(start_);
    layout->addWidget(open);
    layout->addStretch(1);
    connect(start_, &QComboBox::activated, this, &ProblemDialog::start);
    connect(open, &QPushButton::clicked, this, &ProblemDialog::askForFile);
    return row;
}

QWidget* ProblemDialog::makeDatabase()
{
    auto* row = new QWidget(this);
    auto* layout = new QGridLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    database_ = new QLineEdit(row);
    database_->setAccessibleName(tr("File of the experiment"));
    database_->setToolTip(tr("Everything that the search finds and measures is stored there"));
    auto* label = new QLabel(tr("E&xperiment's file"), row);
    label->setBuddy(database_);
    auto* choose = new QPushButton(tr("Choos&e…"), row);
    choose->setAutoDefault(false);
    databaseFault_ = new FaultLabel(row);
    layout->addWidget(label, 0, 0);
    layout->addWidget(database_, 0, 1);
    layout->addWidget(choose, 0, 2);
    layout->addWidget(databaseFault_, 1, 1, 1, 2);
    connect(database_, &QLineEdit::textEdited, this, [this] {
        ownDatabase_ = true;
        refresh();
    });
    connect(choose, &QPushButton::clicked, this, &ProblemDialog::askForDatabase);
    return row;
}

void ProblemDialog::makeButtons()
{
    const bool creates = purpose_ == Purpose::newExperiment;
    accept_ = buttons_->addButton(creates ? tr("&Create the experiment") : tr("Sa&ve"), QDialogButtonBox::AcceptRole);
    accept_->setDefault(true);
    auto* saveAs =
        buttons_->addButton(creates ? tr("Sa&ve the problem…") : tr("Save &as…"), QDialogButtonBox::ActionRole);
    saveAs->setAutoDefault(false);
    auto* leave = buttons_->addButton(creates ? QDialogButtonBox::Cancel : QDialogButtonBox::Close);
    leave->setAutoDefault(false);
    connect(accept_, &QPushButton::clicked, this, &ProblemDialog::create);
    connect(saveAs, &QPushButton::clicked, this, &ProblemDialog::saveAs);
    connect(buttons_, &QDialogButtonBox::rejected, this, &ProblemDialog::reject);
}

void ProblemDialog::start(int index)
{
    if (!mayLose())
        return start_->setCurrentIndex(std::max(0, start_->findData(file_)));
    const QString file = start_->itemData(index).toString();
    if (!file.isEmpty())
        return load(file, false);
    file_.clear();
    target_.clear();
    adviser_->setFile({});
    saved_ = ProblemEditor::emptyProblem();
    editor_->setText(saved_);
    proposeDatabase();
}

void ProblemDialog::openFile(const QString& file)
{
    load(file, true);
}

void ProblemDialog::load(const QString& file, bool mayOverwrite)
{
    QFile opened(file);
    if (QFileInfo(file).isDir() || !opened.open(QIODevice::ReadOnly) || opened.size() > largestFile) {
        message_->setSentence(opened.isOpen() ? tr("“%1” is too large for a problem.").arg(file)
                                              : tr("“%1” cannot be opened: %2").arg(file, opened.errorString()));
        return;
    }
    message_->setSentence({});
    file_ = file;
    target_ = mayOverwrite ? file : QString();
    saved_ = opened.readAll().toStdString();
    adviser_->setFile(file);
    if (const int known = start_->findData(file); known >= 0)
        start_->setCurrentIndex(known);
    else if (mayOverwrite) {
        start_->addItem(QFileInfo(file).fileName(), file);
        start_->setCurrentIndex(start_->count() - 1);
    }
    editor_->setText(saved_);
    proposeDatabase();
}

void ProblemDialog::askForFile()
{
    if (!mayLose())
        return;
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Open a problem"), QSettings().value(problemFolder).toString(), tr("Problems (*.json)"));
    if (file.isEmpty())
        return;
    QSettings().setValue(problemFolder, QFileInfo(file).path());
    load(file, true);
}

void ProblemDialog::proposeDatabase()
{
    if (database_ && !ownDatabase_) {
        const QString base = file_.isEmpty() ? tr("experiment") : QFileInfo(file_).completeBaseName();
        const QString folder =
            QSettings()
                .value(experimentFolder, QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
                .toString();
        database_->setText(QDir::toNativeSeparators(
            freeName(QFileInfo(folder).isDir() ? QDir(folder) : QDir::home(), base, experimentSuffix)));
    }
    refresh();
}

void ProblemDialog::askForDatabase()
{
    QString file = QFileDialog::getSaveFileName(this, tr("Where to store the experiment"), database_->text(),
                                                tr("Experiments (%1)").arg(QStringLiteral("*.synoscope")));
    if (file.isEmpty())
        return;
    if (QFileInfo(file).suffix().isEmpty())
        file += experimentSuffix;
    database_->setText(QDir::toNativeSeparators(file));
    ownDatabase_ = true;
    refresh();
}

QString ProblemDialog::databaseFault() const
{
    if (!database_)
        return {};
    const QString file = database_->text().trimmed();
    if (file.isEmpty())
        return tr("Say where the experiment is to be stored.");
    const QFileInfo info(file);
    if (info.exists())
        return tr("This file exists; a new experiment needs one of its own.");
    if (!QFileInfo(info.path()).isDir())
        return tr("There is no folder “%1”.").arg(info.path());
    return {};
}

bool ProblemDialog::isModified() const
{
    return editor_->text() != saved_;
}

void ProblemDialog::refresh()
{
    const QString fault = databaseFault();
    if (databaseFault_)
        databaseFault_->setSentence(fault);
    accept_->setEnabled(editor_->isValid() && fault.isEmpty());
    setWindowModified(isModified());
    if (purpose_ == Purpose::newExperiment)
        setWindowTitle(tr("New experiment[*]"));
    else if (target_.isEmpty())
        setWindowTitle(tr("Edit a problem[*]"));
    else
        setWindowTitle(tr("%1[*] - Edit a problem").arg(QFileInfo(target_).fileName()));
}

bool ProblemDialog::save(const QString& file)
{
    QSaveFile saved(file);
    const QByteArray text = QByteArray::fromStdString(editor_->text());
    if (!saved.open(QIODevice::WriteOnly) || saved.write(text) != text.size() || !saved.commit()) {
        message_->setSentence(tr("“%1” cannot be written: %2").arg(file, saved.errorString()));
        return false;
    }
    message_->setSentence({});
    saved_ = editor_->text();
    return true;
}

void ProblemDialog::saveAs()
{
    const QString folder = QSettings().value(problemFolder).toString();
    const QString proposal = target_.isEmpty() ? QDir(folder).filePath(QFileInfo(file_).fileName()) : target_;
    QString file = QFileDialog::getSaveFileName(this, tr("Save the problem"), proposal, tr("Problems (*.json)"));
    if (file.isEmpty())
        return;
    if (QFileInfo(file).suffix().isEmpty())
        file += QStringLiteral(".json");
    QSettings().setValue(problemFolder, QFileInfo(file).path());
    if (save(file)) {
        file_ = target_ = file;
        adviser_->setFile(file);
    }
    refresh();
}

// A problem that no file has is written beside the experiment, where one looks for it.
void ProblemDialog::create()
{
    if (purpose_ == Purpose::editFile) {
        if (target_.isEmpty())
            return saveAs();
        save(target_);
        return refresh();
    }
    const QFileInfo database(database_->text().trimmed());
    QString problem = file_;
    if (problem.isEmpty() || isModified()) {
        problem = freeName(database.dir(), database.completeBaseName(), QStringLiteral(".json"));
        if (!save(problem))
            return;
    }
    QSettings().setValue(experimentFolder, database.path());
    Q_EMIT createRequested(problem, database.filePath());
    accept();
}

bool ProblemDialog::mayLose()
{
    if (!isModified())
        return true;
    const auto answer =
        QMessageBox::question(this, tr("Not saved"), tr("The problem was changed and not saved. Give the changes up?"),
                              QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Cancel);
    return answer == QMessageBox::Discard;
}

void ProblemDialog::reject()
{
    if (mayLose())
        QDialog::reject();
}

} // namespace synoscope
