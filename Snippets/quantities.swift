//! Text says its unit, a quantity is stored in SI, and only products that have a meaning compile.
import Units

let power = try Watts(parsing: "30 dBm")
let band = try Hertz(parsing: "20 MHz")

// Watts by seconds are joules; watts by hertz would not compile.
let energy: Joules = power * Seconds(2)
print("\(power) for 2 s: \(energy)")

let activations = Bits(2_408_448 * 8)
let rate = BitsPerSecond(80e6)
print("\(activations) at \(rate) in \(band): \(activations / rate)")

// A unit of something else is told, with those that there are.
do {
  print(try Watts(parsing: "23 dB"))
} catch {
  print("23 dB \(error.reason)")
}

// Prints:
// 1.0 W for 2 s: 2.0 J
// 19267584.0 bit at 80000000.0 bit/s in 20000000.0 Hz: 0.2408448 s
// 23 dB has the unit 'dB'; use W, mW, uW, kW, dBm, dBW
