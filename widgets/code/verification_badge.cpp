#include "widgets/code/verification_badge.h"

#include "widgets/common/theme.h"

#include <QtCore/QEvent>

namespace synoscope {

VerificationBadge::VerificationBadge(QWidget* parent) : QLabel(parent)
{
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    setContentsMargins(8, 2, 8, 2);
    setVerification({});
}

void VerificationBadge::setVerification(const Verification& verification)
{
    verification_ = verification;
    const auto number = [](double value) { return QString::number(value, 'g', 2); };
    QString text;
    switch (verification.state) {
    case Verification::State::none:
        break;
    case Verification::State::notVerified:
        text = tr("Not verified yet");
        break;
    case Verification::State::running:
        text = tr("Being verified…");
        break;
    case Verification::State::verified:
        text = tr("✓ Verified: error %1, tolerance %2").arg(number(verification.error), number(verification.tolerance));
        break;
    case Verification::State::failed:
        text =
            verification.error > verification.tolerance
                ? tr("✗ Wrong: error %1, tolerance %2").arg(number(verification.error), number(verification.tolerance))
                : tr("✗ The verification failed");
        break;
    }
    setText(text);
    setToolTip(verification.details);
    setAccessibleName(text);
    setVisible(verification.state != Verification::State::none);
    restyle();
}

void VerificationBadge::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        restyle();
}

void VerificationBadge::restyle()
{
    const Colors& colors = Colors::of(palette());
    QColor color = colors.mutedText;
    if (verification_.state == Verification::State::verified)
        color = colors.good;
    else if (verification_.state == Verification::State::failed)
        color = colors.bad;
    const QString sheet =
        QStringLiteral("QLabel { color: %1; border: 1px solid %1; border-radius: 4px; }").arg(color.name());
    if (styleSheet() != sheet) // setting it changes the palette, which would come back here
        setStyleSheet(sheet);
}

} // namespace synoscope
