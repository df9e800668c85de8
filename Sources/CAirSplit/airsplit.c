#include "airsplit.h"
