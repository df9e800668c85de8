#ifndef AIRSPLIT_CZLIB_SHIM_H
#define AIRSPLIT_CZLIB_SHIM_H

#include <zlib.h>

#endif
