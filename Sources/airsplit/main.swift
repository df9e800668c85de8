print("airsplit")
