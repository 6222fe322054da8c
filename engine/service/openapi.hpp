// The OpenAPI 3.1 document, made from the table of routes, so that it cannot say what is not there.
#pragma once
#include "service/context.hpp"

namespace redress::service {

[[nodiscard]] Json openapi_document();

}  // namespace redress::service
