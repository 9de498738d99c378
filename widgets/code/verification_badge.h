// Says in a coloured line whether code was verified against the reference interpreter, with error and tolerance.
#pragma once

#include "widgets/code/code_document.h"

#include <QtWidgets/QLabel>

namespace synoscope {

class VerificationBadge final : public QLabel
{
    Q_OBJECT

public:
    explicit VerificationBadge(QWidget* parent = nullptr);

    void setVerification(const Verification& verification);

protected:
    void changeEvent(QEvent* event) override;

private:
    void restyle();

    Verification verification_;
};

} // namespace synoscope
