// Times of two sides that run in turns, and how sure their ratio is. No libtorch here.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace synoscope {

// The p-th quantile (0 to 1) of the sorted values, between two values linearly.
double quantile(const std::vector<double>& sorted, double p);

// Microseconds of single runs, in order. On a busy machine a run of a millisecond is often interrupted by other processes
// for several; such a run says nothing about the operator.
class Times
{
public:
    void time(const std::function<void()>& run);
    void add(double microseconds, bool disturbed);

    std::size_t clean() const { return clean_; }
    std::size_t disturbed() const { return runs_.size() - clean_; }
    // The clean runs; all of them where there are too few.
    std::vector<double> sorted() const;
    // The median of the clean runs in each of so many parts of equal length; 0 where a part has none.
    std::vector<double> mediansOfParts(std::size_t parts) const;

private:
    struct Run
    {
        double microseconds = 0;
        bool disturbed = false; // the system had taken the processor away meanwhile
    };
    std::vector<Run> runs_;
    std::size_t clean_ = 0;
};

// A 95 % confidence interval of a ratio, from its values in parts of the time that the measurement took: a machine gets
// slower and faster, so that single runs are not independent, and would make the interval too narrow. Student's t over
// the logarithms, around the ratio as measured; [0, infinity] where there are fewer than three parts.
std::pair<double, double> ratioInterval(double ratio, const std::vector<double>& ratiosOfParts);

} // namespace synoscope
