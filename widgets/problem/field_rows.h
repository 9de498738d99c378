// Rows of fields over values of a JSON document: what it is, the value, its unit, and a sentence on what it does.
//
// A field that is left empty is left out of the document; what holds then is shown in grey.
#pragma once

#include "widgets/problem/problem_document.h"

#include <QWidget>

#include <functional>
#include <vector>

class QAbstractButton;
class QGridLayout;
class QLabel;
class QLineEdit;

namespace synoscope {

class FaultLabel;

struct FieldSpec
{
    enum class Kind : std::uint8_t
    {
        heading, // only a title
        number,
        flag,
        text,
        sizes, // a list of texts
        pairs  // a list of pairs of texts
    };
    Kind kind = Kind::number;
    std::string path{}; // "limits.depth"; of one of two values in a list "limits.flops_ratio[0]"
    QString title{};
    QString unit{};
    QString explanation{};
};

class FieldRows final : public QWidget
{
    Q_OBJECT

public:
    using Json = problemDocument::Json;

    // `defaults`: a document with what holds where this one says nothing.
    FieldRows(const std::vector<FieldSpec>& specs, const Json& defaults, QWidget* parent = nullptr);

    void load(const Json& document);
    void store(Json& document) const;
    // At the field that the path leads to, or into; false when it is none of these.
    bool showFault(const std::string& path, const QString& sentence);
    void clearFault();
    void focusFault();
    void setRowVisible(const std::string& path, bool visible);
    void setDefault(const std::string& path, const QString& shown);
    // A widget of the caller's as the first row.
    void insertFirst(const QString& title, QWidget* widget, QWidget* explanation);

    QLineEdit* edit(const std::string& path) const; // nullptr for none, or a flag

Q_SIGNALS:
    void edited();

private:
    struct Row
    {
        FieldSpec spec;
        QLabel* title = nullptr;
        QLineEdit* edit = nullptr; // one of these two
        QAbstractButton* check = nullptr;
        QLabel* unit = nullptr;
        QLabel* explanation = nullptr;
        FaultLabel* fault = nullptr;
        bool flagByDefault = false;
        bool faulty = false;
        bool there = false; // the flag stands in the document, even if it says what would hold without it
    };

    void addHeading(const FieldSpec& spec);
    void addRow(const FieldSpec& spec, const Json& defaults);
    void addInput(Row& row, const Json& defaults);
    void setFaulty(Row& row, const QString& sentence);
    static void storeRow(const Row& row, Json& document);
    Row* find(const std::string& path);

    QGridLayout* grid_;
    int next_ = 2; // the first two lines are for insertFirst
    std::vector<Row> rows_;
    Json defaults_;
};

} // namespace synoscope
