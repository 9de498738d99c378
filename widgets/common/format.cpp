#include "widgets/common/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>
#include <cmath>
#include <utility>

namespace synoscope::format {

namespace {

QString number(double value, int decimals)
{
    return QLocale().toString(value, 'f', decimals);
}

// `digits` significant digits of a value in [0, 1000).
QString significant(double value, int digits)
{
    const double magnitude = std::abs(value);
    const int before = magnitude >= 100 ? 3 : magnitude >= 10 ? 2 : 1;
    return number(value, std::max(0, digits - before));
}

// Divides by `step` until the rounded value has at most three digits before the point.
template <std::size_t N>
std::pair<double, QString> scaled(double value, double step, int digits, const std::array<const char*, N>& units)
{
    std::size_t unit = 0;
    const double limit = digits >= 3 ? 999.5 : 999.95;
    while (std::abs(value) >= limit && unit + 1 < N) {
        value /= step;
        ++unit;
    }
    return {value, QString::fromLatin1(units[unit])};
}

QString withUnit(const QString& value, const QString& unit)
{
    return unit.isEmpty() ? value : value + QChar(0x00a0) + unit;
}

} // namespace

QString unknown()
{
    return QString(QChar(0x2013));
}

QString count(quint64 n)
{
    return QLocale().toString(n);
}

QString quantity(double n, int digits)
{
    if (!std::isfinite(n))
        return unknown();
    const auto [value, unit] = scaled(n, 1000, digits, std::array{"", "k", "M", "G", "T", "P"});
    const bool whole = unit.isEmpty() && value == std::round(value);
    return withUnit(whole ? number(value, 0) : significant(value, digits), unit);
}

QString flops(double n)
{
    if (!std::isfinite(n))
        return unknown();
    const auto [value, unit] = scaled(n, 1000, 3, std::array{"", "k", "M", "G", "T", "P"});
    const bool whole = unit.isEmpty() && value == std::round(value);
    return withUnit(whole ? number(value, 0) : significant(value, 3), unit + QStringLiteral("FLOP"));
}

QString bytes(double n)
{
    if (!std::isfinite(n))
        return unknown();
    const auto [value, unit] = scaled(n, 1024, 3, std::array{"B", "KiB", "MiB", "GiB", "TiB"});
    return withUnit(unit == u"B" ? number(value, 0) : significant(value, 3), unit);
}

QString ratio(double n)
{
    if (!std::isfinite(n))
        return unknown();
    return number(n, std::abs(n) < 9.995 ? 2 : std::abs(n) < 99.95 ? 1 : 0) + QChar(0x00d7);
}

QString percent(double share, int decimals)
{
    if (!std::isfinite(share))
        return unknown();
    return withUnit(number(share * 100, decimals), QStringLiteral("%"));
}

QString reward(double value)
{
    return std::isfinite(value) ? number(value, 3) : unknown();
}

QString duration(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return unknown();
    if (seconds < 59.95)
        return seconds == 0 ? withUnit(number(0, 0), QStringLiteral("s")) : latency(seconds * 1e6);
    const auto whole = static_cast<qint64>(std::llround(seconds));
    const auto translated = [](const char* text) { return QCoreApplication::translate("Format", text); };
    if (whole < 3600)
        return translated(QT_TRANSLATE_NOOP("Format", "%1 min %2 s")).arg(whole / 60).arg(whole % 60);
    if (whole < 86400)
        return translated(QT_TRANSLATE_NOOP("Format", "%1 h %2 min")).arg(whole / 3600).arg(whole % 3600 / 60);
    return translated(QT_TRANSLATE_NOOP("Format", "%1 d %2 h")).arg(whole / 86400).arg(whole % 86400 / 3600);
}

QString latency(double microseconds)
{
    if (!std::isfinite(microseconds) || microseconds < 0)
        return unknown();
    if (microseconds < 999.5)
        return withUnit(significant(microseconds, 3), QStringLiteral("µs"));
    if (microseconds < 999.5e3)
        return withUnit(significant(microseconds / 1e3, 3), QStringLiteral("ms"));
    return withUnit(number(microseconds / 1e6, microseconds < 9.995e6 ? 2 : 1), QStringLiteral("s"));
}

} // namespace synoscope::format
