// The problem editor as a dialog: for a new experiment, or for a problem's file alone.
//
//     start from a problem, or none --> editor <--> adviser (reads it, samples its space)
//     "Create" --> createRequested --> the window --> session
//
// Not blocking: it is opened, and deletes itself when it is closed.
#pragma once

#include <QtWidgets/QDialog>

class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace synoscope {

class FaultLabel;
class ProblemAdviser;
class ProblemEditor;

class ProblemDialog final : public QDialog
{
    Q_OBJECT

public:
    enum class Purpose
    {
        newExperiment,
        editFile
    };

    ProblemDialog(Purpose purpose, QWidget* parent);

    void openFile(const QString& file); // a problem of the user's
    bool save(const QString& file);     // what is typed, valid or not: false: it says why

    ProblemEditor& editor() const { return *editor_; }
    QLineEdit* databaseEdit() const { return database_; }
    void reject() override;

Q_SIGNALS:
    // Both are written, or were there before.
    void createRequested(const QString& problemFile, const QString& databaseFile);

private:
    QWidget* makeStart();
    QWidget* makeDatabase();
    void makeButtons();
    void start(int index);
    void load(const QString& file, bool mayOverwrite);
    void askForFile();
    void askForDatabase();
    void saveAs();
    void create();
    void proposeDatabase();
    QString databaseFault() const;
    bool isModified() const;
    bool mayLose(); // what is typed and not saved
    void refresh();

    Purpose purpose_;
    ProblemEditor* editor_;
    ProblemAdviser* adviser_;
    QComboBox* start_ = nullptr;
    QLineEdit* database_ = nullptr;
    FaultLabel* databaseFault_ = nullptr;
    FaultLabel* message_;
    QDialogButtonBox* buttons_;
    QPushButton* accept_ = nullptr;
    QString file_;             // that was read; empty: none
    QString target_;           // that "Save" writes; empty: it asks
    std::string saved_;        // the text as it was read or written
    bool ownDatabase_ = false; // its name was typed or chosen
};

} // namespace synoscope
