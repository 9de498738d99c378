// Numbers as people read them, in the user's locale: "1.2 M", "3.4 G", "1.53×", "340 µs", "2 h 10 min".
// What is not known (not-a-number, negative durations) is a dash.
#pragma once

#include <QString>

namespace synoscope::format {

QString count(quint64 n);                        // every digit, grouped: "1,234,567"
QString quantity(double n, int digits = 3);      // significant digits with k M G T P: "1.23 M"; below 1000 as it is
QString flops(double n);                         // "231 MFLOP"
QString bytes(double n);                         // binary steps: "1.5 MiB"
QString ratio(double n);                         // "1.53×"
QString percent(double share, int decimals = 1); // 0.5 is "50.0 %"
QString reward(double value);                    // three decimals
QString duration(double seconds);                // two units at most
QString latency(double microseconds);            // duration with three digits: "2.12 ms"
QString unknown();                               // "–"

} // namespace synoscope::format
