#ifndef AIRSPLIT_CGSL_SHIM_H
#define AIRSPLIT_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf_bessel.h>
#include <gsl/gsl_sf_lambert.h>

/* GSL keeps its solvers in globals, which Swift 6 refuses. */
static inline const gsl_root_fsolver_type *brent_solver(void) { return gsl_root_fsolver_brent; }

#endif
