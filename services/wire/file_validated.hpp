#pragma once
// Bytes of file.validated: one accepted file as columns, the labels as an LZ4 frame.
// `decode_…` throws domain::PermanentFailure for bytes that are no such event.
#include <string>
#include <string_view>

#include "domain/validated_file.hpp"

namespace chaiqin::wire {

std::string encode(const domain::ValidatedFile& file);
domain::ValidatedFile decode_file_validated(std::string_view bytes);

/// The labels alone, as the LZ4 frame that stands in the event and in the matcher's file row.
std::string encode_labels(const domain::Labels& labels);
domain::Labels decode_labels(std::string_view frame);

}  // namespace chaiqin::wire
