/// Energy = power × time.
@inlinable
public func * (power: Watts, time: Seconds) -> Joules { Joules(power.value * time.value) }

/// Energy = time × power.
@inlinable
public func * (time: Seconds, power: Watts) -> Joules { Joules(power.value * time.value) }

/// Power = energy / time.
@inlinable
public func / (energy: Joules, time: Seconds) -> Watts { Watts(energy.value / time.value) }

/// Time = energy / power.
@inlinable
public func / (energy: Joules, power: Watts) -> Seconds { Seconds(energy.value / power.value) }

/// Time = data / rate, Eq. (14).
@inlinable
public func / (data: Bits, rate: BitsPerSecond) -> Seconds { Seconds(data.value / rate.value) }

/// Rate = data / time.
@inlinable
public func / (data: Bits, time: Seconds) -> BitsPerSecond { BitsPerSecond(data.value / time.value) }

/// Time = work / speed, Eq. (9) and (11).
@inlinable
public func / (work: Flops, speed: FlopsPerSecond) -> Seconds { Seconds(work.value / speed.value) }

/// Noise power = density × bandwidth.
@inlinable
public func * (density: WattsPerHertz, bandwidth: Hertz) -> Watts { Watts(density.value * bandwidth.value) }
