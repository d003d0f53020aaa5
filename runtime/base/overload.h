// Overload: builds one visitor for std::visit from several lambdas. Tested through its users.
#ifndef SPATE_RUNTIME_BASE_OVERLOAD_H_
#define SPATE_RUNTIME_BASE_OVERLOAD_H_

namespace spate {

template <typename... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};
template <typename... Fs>
Overload(Fs...) -> Overload<Fs...>;

}  // namespace spate

#endif  // SPATE_RUNTIME_BASE_OVERLOAD_H_
