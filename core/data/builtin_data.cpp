#include "core/data/builtin_data.h"

#include "core/base/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <thread>

namespace synoscope {

namespace {

// --- what there is to see ---

enum class Silhouette { disc, square, triangle, cross, ring, crescent, bar, star, ell, dumbbell };
constexpr std::array<std::string_view, 10> silhouetteNames{"disc", "square",   "triangle", "cross", "ring",
                                                           "crescent", "bar", "star",     "ell",   "dumbbell"};
enum class Fill { plain, stripes, checker, dots, rim };
constexpr std::array<std::string_view, 5> fillNames{"plain", "stripes", "checker", "dots", "rim"};

struct Kind
{
    Silhouette silhouette = Silhouette::disc;
    Fill fill = Fill::plain;
    bool warm = true; // a warm figure on a cold ground, or the other way round
};

Kind kindOf(int classes, int label)
{
    if (classes == 100)
        return {static_cast<Silhouette>(label % 10), static_cast<Fill>(label / 10 % 5), label < 50};
    if (label < 7)
        return {static_cast<Silhouette>(label)};
    return {Silhouette::disc, static_cast<Fill>(label - 6)};
}

using Colour = std::array<float, 3>;

struct Point
{
    float x = 0, y = 0;
};

float length(Point p) { return std::sqrt(p.x * p.x + p.y * p.y); }

// Depth below the silhouette's border in units of the figure's radius; negative outside. The unit disc bounds them all.
float depth(Silhouette silhouette, Point p)
{
    const float ax = std::abs(p.x);
    const float ay = std::abs(p.y);
    switch (silhouette) {
    case Silhouette::disc: return 0.85f - length(p);
    case Silhouette::square: return 0.75f - std::max(ax, ay);
    case Silhouette::triangle: return std::min(0.5f - p.y, (1.0f + p.y) * 0.5f - 0.866f * ax);
    case Silhouette::cross: return std::max(std::min(0.3f - ax, 0.95f - ay), std::min(0.3f - ay, 0.95f - ax));
    case Silhouette::ring: return 0.22f - std::abs(0.72f - length(p));
    case Silhouette::crescent: return std::min(0.95f - length(p), length({p.x - 0.45f, p.y}) - 0.7f);
    case Silhouette::bar: return std::min(0.3f - ax, 1.0f - ay);
    case Silhouette::star: {
        // The radius swings between 0.4 and 1 five times around.
        const float angle = std::atan2(p.y, p.x);
        return 0.7f + 0.3f * std::cos(5 * angle) - length(p);
    }
    case Silhouette::ell:
        return std::max(std::min(0.22f - std::abs(p.x + 0.5f), 0.85f - ay), std::min(0.22f - std::abs(p.y - 0.6f), 0.72f - ax));
    case Silhouette::dumbbell:
        return std::max(0.42f - length({ax - 0.55f, p.y}), std::min(0.14f - ay, 0.6f - ax));
    }
    return -1;
}

// Does the fill's second colour show at this place? `pitch` is the texture's period in units of the radius.
bool second(Fill fill, Point p, float inside, float pitch)
{
    const auto odd = [pitch](float v) { return (static_cast<int>(std::floor(2 * v / pitch)) & 1) != 0; };
    switch (fill) {
    case Fill::plain: return false;
    case Fill::stripes: return odd(p.x);
    case Fill::checker: return odd(p.x) != odd(p.y);
    case Fill::dots: {
        const float u = p.x / pitch - std::round(p.x / pitch);
        const float v = p.y / pitch - std::round(p.y / pitch);
        return u * u + v * v < 0.09f;
    }
    case Fill::rim: return inside > 0.3f;
    }
    return false;
}

// --- one image ---

class Painter
{
public:
    Painter(int side, std::uint64_t seed) : side_(side), random_(seed), image_(static_cast<std::size_t>(side * side)) {}

    void paint(const Kind& kind)
    {
        paintGround(colour(!kind.warm));
        const Colour figure = colour(kind.warm);
        const Colour other = colour(!kind.warm);
        for (std::uint32_t i = 1 + random_.below(3); i > 0; --i)
            paintDistractor();
        paintFigure(kind, figure, other);
    }

    void write(std::uint8_t* pixels)
    {
        const std::size_t plane = image_.size();
        const float noise = uniform(0.04f, 0.14f);
        for (std::size_t i = 0; i < plane; ++i)
            for (std::size_t c = 0; c < 3; ++c)
                pixels[c * plane + i] =
                    static_cast<std::uint8_t>(std::clamp(255.0f * (image_[i][c] + noise * bell()), 0.0f, 255.0f));
    }

private:
    float uniform(float from, float to) { return from + (to - from) * static_cast<float>(random_.unit()); }

    // Nearly normal, variance 1: a sum of three uniform numbers.
    float bell() { return static_cast<float>(2 * (random_.unit() + random_.unit() + random_.unit()) - 3); }

    // Warm: more red than blue; cold: the other way round. Green, and so most of the brightness, is anything.
    Colour colour(bool warm)
    {
        const float less = uniform(0.05f, 0.65f);
        const float more = uniform(less + 0.15f, 0.95f);
        return {warm ? more : less, uniform(0.05f, 0.95f), warm ? less : more};
    }

    // A slope of brightness across the image.
    void paintGround(const Colour& ground)
    {
        const float angle = uniform(0, 2 * std::numbers::pi_v<float>);
        const float slope = uniform(0, 0.3f) / static_cast<float>(side_);
        for (int y = 0; y < side_; ++y)
            for (int x = 0; x < side_; ++x) {
                const float shade = slope * (std::cos(angle) * static_cast<float>(x - side_ / 2) + std::sin(angle) * static_cast<float>(y - side_ / 2));
                for (std::size_t c = 0; c < 3; ++c)
                    at(x, y)[c] = ground[c] + shade;
            }
    }

    // A short line or a speck, of any colour.
    void paintDistractor()
    {
        const Colour ink = colour(random_.below(2) == 0);
        const auto side = static_cast<float>(side_);
        float x = uniform(0, side);
        float y = uniform(0, side);
        const float angle = uniform(0, 2 * std::numbers::pi_v<float>);
        const int steps = static_cast<int>(uniform(1, 0.4f * side));
        for (int i = 0; i < steps; ++i, x += std::cos(angle), y += std::sin(angle))
            if (x >= 0 && y >= 0 && x < side && y < side)
                at(static_cast<int>(x), static_cast<int>(y)) = ink;
    }

    void paintFigure(const Kind& kind, const Colour& figure, const Colour& other)
    {
        const auto side = static_cast<float>(side_);
        const float radius = side * uniform(0.27f, 0.46f);
        const float slack = 0.5f * side - 0.75f * radius; // a figure may lose a corner to the border, no more
        const Point centre{0.5f * side + uniform(-slack, slack), 0.5f * side + uniform(-slack, slack)};
        const float angle = uniform(0, 2 * std::numbers::pi_v<float>);
        const float stretch = uniform(0.8f, 1.25f);
        // At least four pixels a period, or the texture drowns in the sampling.
        const float pitch = std::max(4.0f / radius, uniform(0.5f, 0.8f));
        const float cosine = std::cos(angle) / radius;
        const float sine = std::sin(angle) / radius;
        constexpr int samples = 2; // per pixel and axis
        for (int y = 0; y < side_; ++y)
            for (int x = 0; x < side_; ++x) {
                float first = 0;
                float next = 0;
                for (int s = 0; s < samples * samples; ++s) {
                    const float dx = static_cast<float>(x) + (0.5f + static_cast<float>(s % samples)) / samples - centre.x;
                    const float dy = static_cast<float>(y) + (0.5f + static_cast<float>(s / samples)) / samples - centre.y;
                    const Point p{(cosine * dx + sine * dy) * stretch, (cosine * dy - sine * dx) / stretch};
                    const float inside = depth(kind.silhouette, p);
                    if (inside > 0)
                        (second(kind.fill, p, inside, pitch) ? next : first) += 1.0f / (samples * samples);
                }
                for (std::size_t c = 0; c < 3; ++c)
                    at(x, y)[c] += first * (figure[c] - at(x, y)[c]) + next * (other[c] - at(x, y)[c]);
            }
    }

    Colour& at(int x, int y) { return image_[static_cast<std::size_t>(y * side_ + x)]; }

    int side_;
    Random random_;
    std::vector<Colour> image_;
};

} // namespace

ImageSet generateImages(int classes, int side, DataPart part, int count, std::uint64_t seed, int threads)
{
    ImageSet set{.side = side};
    set.pixels.resize(static_cast<std::size_t>(count) * set.imageBytes());
    set.labels.resize(static_cast<std::size_t>(count));
    const std::uint64_t stream = combine(seed, part == DataPart::train ? 1 : 2);

    // A share of the images for each thread; every image has a seed of its own.
    const auto paint = [&](int first, int step) {
        for (int i = first; i < count; i += step) {
            const int label = i % classes;
            Painter painter(side, combine(stream, static_cast<std::uint64_t>(i)));
            painter.paint(kindOf(classes, label));
            painter.write(set.pixels.data() + static_cast<std::size_t>(i) * set.imageBytes());
            set.labels[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(label);
        }
    };
    const int available = threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    const int workers = std::clamp(count / 64, 1, available); // a thread costs more than a few images
    std::vector<std::jthread> helpers;
    for (int i = 1; i < workers; ++i)
        helpers.emplace_back(paint, i, workers);
    paint(0, workers);
    helpers.clear(); // waits
    return set;
}

std::string builtinClassName(int classes, int label)
{
    const Kind kind = kindOf(classes, label);
    std::string name = fmt::format("{}, {}", silhouetteNames[static_cast<std::size_t>(kind.silhouette)],
                                   fillNames[static_cast<std::size_t>(kind.fill)]);
    if (classes == 100)
        name += kind.warm ? ", warm" : ", cold";
    return name;
}

} // namespace synoscope
