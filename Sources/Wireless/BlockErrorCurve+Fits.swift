/// Made by tools/make-block-error-curves from the tables of Sionna SYS 2.2.0 (NVIDIA, Apache-2.0), which says how.
extension BlockErrorCurve {
  /// For each modulation (bits of a symbol) and code rate (times 1024): the SNR in dB at which one block of 2,000 bits in ten
  /// fails, and the slope k in 1/dB there.
  static let fits: [(order: Int, rate: Double, snr: Double, slope: Double)] = [
    (order: 2, rate: 30, snr: -12.657, slope: 10.571),  // not simulated
    (order: 2, rate: 40, snr: -11.378, slope: 10.571),  // not simulated
    (order: 2, rate: 50, snr: -10.379, slope: 10.571),  // not simulated
    (order: 2, rate: 64, snr: -9.266, slope: 10.571),  // not simulated
    (order: 2, rate: 78, snr: -8.365, slope: 10.571),  // not simulated
    (order: 2, rate: 99, snr: -7.266, slope: 10.571),  // not simulated
    (order: 2, rate: 120, snr: -6.368, slope: 10.571),  // not simulated
    (order: 2, rate: 157, snr: -5.088, slope: 10.571),  // not simulated
    (order: 2, rate: 193, snr: -4.082, slope: 10.571),  // not simulated
    (order: 2, rate: 251, snr: -2.761, slope: 10.571),
    (order: 2, rate: 308, snr: -1.689, slope: 10.824),
    (order: 2, rate: 379, snr: -0.549, slope: 10.764),
    (order: 2, rate: 449, snr: 0.424, slope: 10.293),
    (order: 2, rate: 526, snr: 1.409, slope: 10.779),
    (order: 2, rate: 602, snr: 2.309, slope: 10.333),
    (order: 2, rate: 679, snr: 3.228, slope: 9.832),
    (order: 4, rate: 340, snr: 3.416, slope: 9.458),
    (order: 4, rate: 378, snr: 4.160, slope: 9.397),
    (order: 4, rate: 434, snr: 5.022, slope: 9.309),
    (order: 4, rate: 490, snr: 6.019, slope: 9.002),
    (order: 4, rate: 553, snr: 7.017, slope: 9.028),
    (order: 4, rate: 616, snr: 7.969, slope: 9.156),
    (order: 4, rate: 658, snr: 8.661, slope: 8.914),
    (order: 6, rate: 438, snr: 9.139, slope: 8.481),
    (order: 6, rate: 466, snr: 9.627, slope: 8.460),
    (order: 6, rate: 517, snr: 10.746, slope: 8.181),
    (order: 6, rate: 567, snr: 11.655, slope: 8.008),
    (order: 6, rate: 616, snr: 12.623, slope: 8.001),
    (order: 6, rate: 666, snr: 13.651, slope: 7.455),
    (order: 6, rate: 719, snr: 14.480, slope: 7.183),
    (order: 6, rate: 772, snr: 15.542, slope: 7.281),
    (order: 6, rate: 822, snr: 16.451, slope: 6.996),
    (order: 6, rate: 873, snr: 17.498, slope: 6.891),
    (order: 6, rate: 910, snr: 18.351, slope: 6.623),
    (order: 6, rate: 948, snr: 19.474, slope: 5.997),
    (order: 8, rate: 682.5, snr: 18.639, slope: 7.176),
    (order: 8, rate: 711, snr: 19.012, slope: 6.959),
    (order: 8, rate: 754, snr: 20.082, slope: 6.808),
    (order: 8, rate: 797, snr: 21.075, slope: 6.324),
    (order: 8, rate: 841, snr: 22.080, slope: 6.737),
    (order: 8, rate: 885, snr: 23.227, slope: 6.146),
    (order: 8, rate: 916.5, snr: 24.005, slope: 5.606),
    (order: 8, rate: 948, snr: 25.039, slope: 6.049),
  ]
}
