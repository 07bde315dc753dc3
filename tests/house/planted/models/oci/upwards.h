// SPDX-License-Identifier: Apache-2.0
#pragma once

// A violation on purpose: oci stands below registry. Never built; the include check must refuse it.

#include "registry/client.h"
