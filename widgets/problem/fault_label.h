// The sentence at a field that says what is wrong with it. Takes no room while there is nothing to say.
#pragma once

#include <QLabel>

namespace synoscope {

class FaultLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit FaultLabel(QWidget* parent = nullptr);

    void setSentence(const QString& sentence); // empty: none

protected:
    void changeEvent(QEvent* event) override;

private:
    void paint();
};

} // namespace synoscope
