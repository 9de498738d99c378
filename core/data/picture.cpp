#include "core/data/picture.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <fmt/format.h>
#include <jpeglib.h> // after cstdio, which it needs
#include <jerror.h>
#include <memory>
#include <png.h>

namespace synoscope {

namespace {

constexpr double mostPixels = 1 << 28;

bool isPng(std::string_view bytes) { return bytes.starts_with("\x89PNG\r\n\x1a\n"); }
bool isJpeg(std::string_view bytes) { return bytes.starts_with("\xff\xd8\xff"); }

Error unreadable(const std::string& file, std::string_view kind, std::string_view why)
{
    return {.message = fmt::format("The {} cannot be read: {}.", kind, why), .file = file};
}

// --- PNG: libpng's simplified interface, which needs no jumps ---

class PngReader
{
public:
    explicit PngReader(std::string_view bytes)
    {
        image_.version = PNG_IMAGE_VERSION;
        png_image_begin_read_from_memory(&image_, bytes.data(), bytes.size());
    }
    ~PngReader() { png_image_free(&image_); }
    PngReader(const PngReader&) = delete;
    PngReader& operator=(const PngReader&) = delete;

    bool failed() const { return PNG_IMAGE_FAILED(image_); }
    std::string why() const { return image_.message; }
    PictureSize size() const { return {static_cast<int>(image_.width), static_cast<int>(image_.height)}; }

    Picture read()
    {
        image_.format = PNG_FORMAT_RGB;
        Picture picture{size().width, size().height};
        picture.rgb.resize(PNG_IMAGE_SIZE(image_));
        constexpr png_color black{0, 0, 0};
        png_image_finish_read(&image_, &black, picture.rgb.data(), 0, nullptr);
        return picture;
    }

private:
    png_image image_{};
};

// --- JPEG: libjpeg jumps out of its functions when something is wrong ---

class JpegReader
{
public:
    explicit JpegReader(std::string_view bytes) : bytes_(bytes)
    {
        info_.err = jpeg_std_error(&errors_);
        errors_.error_exit = [](j_common_ptr info) {
            info->err->format_message(info, self(info).message_.data());
            std::longjmp(self(info).escape_, 1);
        };
        errors_.emit_message = [](j_common_ptr info, int level) {
            // Libjpeg fills with grey what is missing, and goes on. Other warnings are harmless.
            const int code = info->err->msg_code;
            if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE))
                self(info).message_ = truncated;
        };
        info_.client_data = this;
        jpeg_create_decompress(&info_);
    }
    ~JpegReader() { jpeg_destroy_decompress(&info_); }
    JpegReader(const JpegReader&) = delete;
    JpegReader& operator=(const JpegReader&) = delete;

    // No objects with destructors live in the functions that are jumped out of.
    bool readHead()
    {
        if (setjmp(escape_))
            return false;
        jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
        jpeg_read_header(&info_, TRUE);
        return true;
    }

    bool read(int shrink)
    {
        if (setjmp(escape_))
            return false;
        cmyk_ = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
        info_.out_color_space = cmyk_ ? JCS_CMYK : JCS_RGB;
        info_.scale_num = 1;
        info_.scale_denom = static_cast<unsigned>(shrink);
        jpeg_start_decompress(&info_);
        pixels_.resize(std::size_t{info_.output_width} * info_.output_height * bytesPerPixel());
        while (info_.output_scanline < info_.output_height) {
            row_ = pixels_.data() + std::size_t{info_.output_scanline} * info_.output_width * bytesPerPixel();
            jpeg_read_scanlines(&info_, &row_, 1);
        }
        jpeg_finish_decompress(&info_);
        return message_[0] == '\0';
    }

    std::string why() const { return message_.data(); }
    PictureSize size() const { return {static_cast<int>(info_.image_width), static_cast<int>(info_.image_height)}; }

    Picture take()
    {
        Picture picture{static_cast<int>(info_.output_width), static_cast<int>(info_.output_height)};
        if (!cmyk_) {
            picture.rgb = std::move(pixels_);
            return picture;
        }
        // As Adobe's programs write it: 255 is no ink.
        for (std::size_t i = 0; i + 3 < pixels_.size(); i += 4)
            for (std::size_t c = 0; c < 3; ++c)
                picture.rgb.push_back(static_cast<std::uint8_t>(pixels_[i + c] * pixels_[i + 3] / 255));
        return picture;
    }

private:
    using Message = std::array<char, JMSG_LENGTH_MAX>;
    static constexpr Message truncated{"it is truncated or damaged"};

    static JpegReader& self(j_common_ptr info) { return *static_cast<JpegReader*>(info->client_data); }
    std::size_t bytesPerPixel() const { return cmyk_ ? 4 : 3; }

    std::string_view bytes_;
    jpeg_decompress_struct info_{};
    jpeg_error_mgr errors_{};
    std::jmp_buf escape_{};
    Message message_{};
    std::vector<std::uint8_t> pixels_;
    JSAMPROW row_ = nullptr;
    bool cmyk_ = false;
};

template <typename Reader>
Expected<PictureSize> checkedSize(const Reader& reader, const std::string& file, std::string_view kind)
{
    const PictureSize size = reader.size();
    if (double{1} * size.width * size.height > mostPixels)
        return unreadable(file, kind, fmt::format("its {}x{} pixels are more than fit", size.width, size.height));
    return size;
}

} // namespace

Expected<PictureSize> readPictureSize(std::string_view bytes, const std::string& file)
{
    if (isPng(bytes)) {
        const PngReader reader(bytes);
        return reader.failed() ? unreadable(file, "PNG file", reader.why()) : checkedSize(reader, file, "PNG file");
    }
    if (!isJpeg(bytes))
        return Error{.message = "The file begins as neither a PNG nor a JPEG file does; one of them was expected.", .file = file};
    JpegReader reader(bytes);
    return reader.readHead() ? checkedSize(reader, file, "JPEG file") : unreadable(file, "JPEG file", reader.why());
}

Expected<Picture> decodePicture(std::string_view bytes, const std::string& file, int shrink)
{
    if (const auto size = readPictureSize(bytes, file); !size)
        return size.error();
    if (isPng(bytes)) {
        PngReader reader(bytes);
        Picture picture = reader.read();
        if (reader.failed())
            return unreadable(file, "PNG file", reader.why());
        return picture;
    }
    JpegReader reader(bytes);
    if (!reader.readHead() || !reader.read(shrink))
        return unreadable(file, "JPEG file", reader.why());
    return reader.take();
}

std::string encodePng(const Picture& picture)
{
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(picture.width);
    image.height = static_cast<png_uint_32>(picture.height);
    image.format = PNG_FORMAT_RGB;
    png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string png(bytes, '\0');
    if (!png_image_write_to_memory(&image, png.data(), &bytes, 0, picture.rgb.data(), 0, nullptr))
        bytes = 0; // impossible: there is room for the largest
    png.resize(bytes);
    png_image_free(&image);
    return png;
}

} // namespace synoscope
