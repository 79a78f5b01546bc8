// Prints the machine's peaks as one line of JSON: operations a second of each kind of arithmetic, bytes a second of memory, null for what it
// lacks. Arguments: [threads] [isa].
#include <cstdio>

#include "peaks.h"

int main(int argc, char** argv) {
  int threads = argc > 1 ? std::atoi(argv[1]) : 2;
  std::string isa = argc > 2 ? argv[2] : peaks::bestIsa();
  auto print = [](const char* name, double value) {
    if (value > 0) std::printf(", \"%s\": %.4g", name, value);
    else std::printf(", \"%s\": null", name);
  };
  std::printf("{\"isa\": \"%s\", \"threads\": %d", isa.c_str(), threads);
  print("fp32", peaks::fp32(isa, threads));
  print("bf16", peaks::bf16(isa, threads));
  print("int8", peaks::int8(isa, threads));
  print("memoryRead", peaks::memoryRead(threads));
  print("memoryCopy", peaks::memoryCopy(threads));
  std::printf("}\n");
}
