#ifndef AIRSPLIT_CGSL_SHIM_H
#define AIRSPLIT_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_bessel.h>
#include <gsl/gsl_sf_expint.h>
#include <gsl/gsl_sf_lambert.h>

#endif
