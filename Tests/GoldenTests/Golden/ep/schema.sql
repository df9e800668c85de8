CREATE TABLE rounds (
  "round" BIGINT NOT NULL,
  "t_start_s" DOUBLE NOT NULL, -- s
  "t_end_s" DOUBLE NOT NULL, -- s
  "round_time_s" DOUBLE NOT NULL, -- s
  "devices_feasible" BIGINT,
  "devices_selected" BIGINT NOT NULL,
  "devices_completed" BIGINT NOT NULL,
  "step_latency_max_s" DOUBLE, -- s
  "step_energy_j" DOUBLE, -- J
  "round_energy_j" DOUBLE NOT NULL, -- J
  "round_compute_energy_j" DOUBLE NOT NULL, -- J
  "round_uplink_energy_j" DOUBLE NOT NULL, -- J
  "time_total_s" DOUBLE, -- s
  "energy_total_j" DOUBLE, -- J
  "bits_mean" DOUBLE, -- bit
  "power_mean_w" DOUBLE, -- W
  "objective" DOUBLE,
  "objective_optimum" DOUBLE,
  "optimality_gap" DOUBLE
);
CREATE TABLE devices (
  "round" BIGINT NOT NULL,
  "device" BIGINT NOT NULL,
  "distance_m" DOUBLE, -- m
  "gain_db" DOUBLE, -- dB
  "block" BIGINT,
  "power_w" DOUBLE, -- W
  "bits" BIGINT, -- bit
  "payload_bits" DOUBLE, -- bit
  "rate_bps" DOUBLE, -- bit/s
  "step_compute_time_s" DOUBLE, -- s
  "step_uplink_time_s" DOUBLE, -- s
  "step_server_time_s" DOUBLE, -- s
  "step_latency_s" DOUBLE, -- s
  "step_slack_s" DOUBLE, -- s
  "step_energy_j" DOUBLE, -- J
  "steps" BIGINT,
  "round_time_s" DOUBLE, -- s
  "round_compute_energy_j" DOUBLE, -- J
  "round_uplink_energy_j" DOUBLE, -- J
  "outcome" VARCHAR NOT NULL
);
CREATE TABLE events (
  "time_s" DOUBLE NOT NULL, -- s
  "kind" VARCHAR NOT NULL,
  "device" BIGINT,
  "block" BIGINT,
  "round" BIGINT NOT NULL,
  "step" BIGINT,
  "energy_j" DOUBLE -- J
);
CREATE TABLE bcd (
  "round" BIGINT NOT NULL,
  "iteration" BIGINT NOT NULL,
  "objective" DOUBLE NOT NULL,
  "energy_j" DOUBLE NOT NULL, -- J
  "assignments_changed" BIGINT NOT NULL,
  "bits_changed" BIGINT NOT NULL,
  "participants" BIGINT NOT NULL,
  "candidates" BIGINT NOT NULL,
  "candidate_energy_j" DOUBLE NOT NULL -- J
);
CREATE TABLE timing (
  "round" BIGINT NOT NULL,
  "allocate_wall_s" DOUBLE NOT NULL, -- s
  "events_wall_s" DOUBLE NOT NULL, -- s
  "round_wall_s" DOUBLE NOT NULL -- s
);
