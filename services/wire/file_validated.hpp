#pragma once
// Bytes of file.validated: one accepted file as columns, the labels as an LZ4 frame.
// `decode_…` throws domain::PermanentFailure for bytes that are no such event.
#include <string>
#include <string_view>
#include <vector>

#include "domain/validated_file.hpp"

namespace chaiqin::wire {

std::string encode(const domain::ValidatedFile& file);
domain::ValidatedFile decode_file_validated(std::string_view bytes);

/// The labels of the lines alone, as the LZ4 frame that stands in the event. Decoding gives lines
/// that have nothing but their labels.
std::string encode_labels(const std::vector<domain::FileLine>& lines);
std::vector<domain::FileLine> decode_labels(std::string_view frame);

}  // namespace chaiqin::wire
