#include "widgets/problem/field_rows.h"

#include "widgets/common/icons.h"
#include "widgets/problem/fault_label.h"

#include <QAction>
#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>

#include <algorithm>

namespace synoscope {

namespace {

namespace doc = problemDocument;
using Json = doc::Json;
using Kind = FieldSpec::Kind;

enum Column
{
    titleColumn,
    inputColumn,
    unitColumn,
    explanationColumn
};

QString pairText(const Json& pair)
{
    if (!pair.is_array())
        return doc::shown(pair);
    QStringList sides;
    for (const Json& side : pair)
        sides << doc::shown(side);
    return sides.join(QStringLiteral(" = "));
}

QString listText(const Json& list, Kind kind)
{
    if (!list.is_array())
        return doc::shown(list);
    QStringList entries;
    for (const Json& entry : list)
        entries << (kind == Kind::pairs ? pairText(entry) : doc::shown(entry));
    return entries.join(QStringLiteral(", "));
}

Json listOf(const QString& text, Kind kind)
{
    Json list = Json::array();
    if (text.trimmed().isEmpty())
        return list;
    for (const QString& entry : text.split(u',')) {
        if (kind == Kind::sizes) {
            list.push_back(entry.trimmed().toStdString());
            continue;
        }
        Json pair = Json::array();
        for (const QString& side : entry.split(u'='))
            pair.push_back(side.trimmed().toStdString());
        list.push_back(std::move(pair));
    }
    return list;
}

QString valueText(const Json& value, Kind kind)
{
    return kind == Kind::sizes || kind == Kind::pairs ? listText(value, kind) : doc::shown(value);
}

bool isOrLeadsInto(const std::string& path, const std::string& whole)
{
    return path == whole || (path.starts_with(whole) && (path[whole.size()] == '[' || path[whole.size()] == '.'));
}

// The list that a path such as "limits.low_rank[1]" goes into; empty for others.
std::string listPath(const std::string& path)
{
    return path.ends_with(']') ? path.substr(0, path.rfind('[')) : std::string();
}

QLabel* quietLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setForegroundRole(QPalette::PlaceholderText);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

FieldRows::FieldRows(const std::vector<FieldSpec>& specs, const Json& defaults, QWidget* parent)
    : QWidget(parent), grid_(new QGridLayout(this)), defaults_(defaults)
{
    grid_->setHorizontalSpacing(10);
    grid_->setVerticalSpacing(4);
    grid_->setColumnStretch(explanationColumn, 1);
    rows_.reserve(specs.size()); // what is connected below refers to them
    for (const FieldSpec& spec : specs)
        spec.kind == Kind::heading ? addHeading(spec) : addRow(spec, defaults);
    grid_->setRowStretch(next_, 1);
}

void FieldRows::addHeading(const FieldSpec& spec)
{
    auto* title = new QLabel(spec.title, this);
    QFont font = title->font();
    font.setBold(true);
    title->setFont(font);
    title->setContentsMargins(0, next_ > 2 ? 10 : 0, 0, 0);
    grid_->addWidget(title, next_++, titleColumn, 1, explanationColumn + 1);
}

void FieldRows::addRow(const FieldSpec& spec, const Json& defaults)
{
    rows_.push_back({.spec = spec});
    Row& row = rows_.back();
    row.title = new QLabel(spec.title, this);
    addInput(row, defaults);
    QWidget* input = row.edit ? static_cast<QWidget*>(row.edit) : row.check;
    input->setAccessibleName(spec.title);
    input->setAccessibleDescription(spec.explanation);
    input->setToolTip(QString::fromStdString(spec.path)); // its name in the file
    input->setObjectName(QString::fromStdString(spec.path));
    row.title->setBuddy(input);
    row.unit = quietLabel(spec.unit, this);
    row.explanation = quietLabel(spec.explanation, this);
    row.explanation->setWordWrap(true);
    row.fault = new FaultLabel(this);
    grid_->addWidget(row.title, next_, titleColumn);
    grid_->addWidget(input, next_, inputColumn);
    grid_->addWidget(row.unit, next_, unitColumn);
    grid_->addWidget(row.explanation, next_, explanationColumn);
    grid_->addWidget(row.fault, next_ + 1, inputColumn, 1, explanationColumn);
    next_ += 2;
}

void FieldRows::addInput(Row& row, const Json& defaults)
{
    const Json* otherwise = doc::find(defaults, row.spec.path);
    if (row.spec.kind == Kind::flag) {
        row.check = new QCheckBox(this);
        row.flagByDefault = otherwise && otherwise->is_boolean() && otherwise->get<bool>();
        row.check->setChecked(row.flagByDefault);
        connect(row.check, &QAbstractButton::toggled, this, &FieldRows::edited);
        return;
    }
    row.edit = new QLineEdit(this);
    const bool number = row.spec.kind == Kind::number;
    const int width = fontMetrics().averageCharWidth() * (number ? 14 : 34);
    row.edit->setMinimumWidth(width);
    row.edit->setMaximumWidth(number ? width : QWIDGETSIZE_MAX);
    if (otherwise) {
        QString shown = valueText(*otherwise, row.spec.kind);
        if (shown.endsWith(QStringLiteral(".0"))) // a whole number, if not kept as one
            shown.chop(2);
        row.edit->setPlaceholderText(shown);
    }
    connect(row.edit, &QLineEdit::textEdited, this, &FieldRows::edited);
}

void FieldRows::insertFirst(const QString& title, QWidget* widget, QWidget* explanation)
{
    auto* label = new QLabel(title, this);
    label->setBuddy(widget);
    grid_->addWidget(label, 0, titleColumn);
    grid_->addWidget(widget, 0, inputColumn, 1, unitColumn);
    grid_->addWidget(explanation, 0, explanationColumn);
}

void FieldRows::load(const Json& document)
{
    for (Row& row : rows_) {
        const Json* value = doc::find(document, row.spec.path);
        row.there = value != nullptr;
        if (row.check) {
            const QSignalBlocker quiet(row.check);
            row.check->setChecked(value && value->is_boolean() ? value->get<bool>() : row.flagByDefault);
        } else if (const QString text = value ? valueText(*value, row.spec.kind) : QString();
                   text != row.edit->text()) {
            row.edit->setText(text);
        }
    }
}

void FieldRows::storeRow(const Row& row, Json& document)
{
    const std::string& path = row.spec.path;
    if (row.check) {
        if (row.there || row.check->isChecked() != row.flagByDefault)
            doc::set(document, path, row.check->isChecked());
        return;
    }
    const QString text = row.edit->text();
    const Json* old = doc::find(document, path);
    if (old && valueText(*old, row.spec.kind) == text)
        return; // whatever it is
    if (row.spec.kind == Kind::sizes || row.spec.kind == Kind::pairs) {
        if (text.trimmed().isEmpty() && row.spec.kind == Kind::pairs)
            doc::erase(document, path);
        else
            doc::set(document, path, listOf(text, row.spec.kind));
    } else if (row.spec.kind == Kind::text) {
        doc::set(document, path, text.toStdString());
    } else if (!text.trimmed().isEmpty()) {
        doc::set(document, path, doc::typed(text));
    } else {
        doc::erase(document, path);
    }
}

void FieldRows::store(Json& document) const
{
    for (const Row& row : rows_) {
        const std::string list = listPath(row.spec.path);
        if (list.empty()) {
            storeRow(row, document);
            continue;
        }
        // Of two values in a list, what is not given is what would hold without either.
        if (!row.spec.path.ends_with("[0]"))
            continue;
        const Row& other = *(&row + 1);
        if (row.edit->text().trimmed().isEmpty() && other.edit->text().trimmed().isEmpty()) {
            doc::erase(document, list);
            continue;
        }
        for (const Row* one : {&row, &other})
            if (!one->edit->text().trimmed().isEmpty())
                storeRow(*one, document);
            else if (const Json* otherwise = doc::find(defaults_, one->spec.path))
                doc::set(document, one->spec.path, *otherwise);
    }
}

FieldRows::Row* FieldRows::find(const std::string& path)
{
    if (path.empty())
        return nullptr;
    for (Row& row : rows_)
        if (isOrLeadsInto(path, row.spec.path))
            return &row;
    for (Row& row : rows_)
        if (listPath(row.spec.path) == path) // of the list as a whole: at its first value
            return &row;
    return nullptr;
}

bool FieldRows::showFault(const std::string& path, const QString& sentence)
{
    clearFault();
    Row* row = find(path);
    if (!row)
        return false;
    setFaulty(*row, sentence);
    return true;
}

void FieldRows::clearFault()
{
    for (Row& row : rows_)
        if (row.faulty)
            setFaulty(row, {});
}

void FieldRows::setFaulty(Row& row, const QString& sentence)
{
    row.faulty = !sentence.isEmpty();
    row.fault->setSentence(sentence);
    QWidget* input = row.edit ? static_cast<QWidget*>(row.edit) : row.check;
    input->setAccessibleDescription(row.faulty ? sentence : row.spec.explanation);
    if (!row.edit)
        return;
    for (QAction* mark : row.edit->actions())
        delete mark;
    if (row.faulty) {
        auto* mark = row.edit->addAction(icon(QStringLiteral("warning")), QLineEdit::TrailingPosition);
        mark->setToolTip(sentence);
    }
}

void FieldRows::focusFault()
{
    for (const Row& row : rows_)
        if (row.faulty)
            (row.edit ? static_cast<QWidget*>(row.edit) : row.check)->setFocus(Qt::ShortcutFocusReason);
}

void FieldRows::setRowVisible(const std::string& path, bool visible)
{
    const Row* row = find(path);
    if (!row)
        return;
    for (QWidget* part :
         {static_cast<QWidget*>(row->title), static_cast<QWidget*>(row->edit), static_cast<QWidget*>(row->check),
          static_cast<QWidget*>(row->unit), static_cast<QWidget*>(row->explanation)})
        if (part)
            part->setVisible(visible);
}

void FieldRows::setDefault(const std::string& path, const QString& shown)
{
    if (QLineEdit* field = edit(path))
        field->setPlaceholderText(shown);
}

QLineEdit* FieldRows::edit(const std::string& path) const
{
    const auto found = std::ranges::find(rows_, path, [](const Row& row) { return row.spec.path; });
    return found == rows_.end() ? nullptr : found->edit;
}

} // namespace synoscope
