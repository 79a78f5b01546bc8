#include "error.h"

#include <cstdarg>
#include <cstdio>

namespace patchbay {

void fail(const char* code, const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  throw Error(code, text);
}

}  // namespace patchbay
