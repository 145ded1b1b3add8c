// SPDX-License-Identifier: Apache-2.0
// base: what nearly every test includes, read once for all of them. Includes beside the code stay
// as they are: a test names what it uses, whether or not it stands here.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>
