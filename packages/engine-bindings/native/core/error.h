// Errors of the engine: a code from the registry and a sentence. They never cross the Node-API edge as exceptions.
#pragma once
#include <stdexcept>
#include <string>

namespace patchbay {

struct Error : std::runtime_error {
  Error(const char* errorCode, const std::string& message) : std::runtime_error(message), code(errorCode) {}
  const char* code;
};

// Throws an Error with a printf-style message.
[[noreturn]] void fail(const char* code, const char* format, ...) __attribute__((format(printf, 2, 3)));

}  // namespace patchbay
