package spsc

const CalmSteps = calmSteps
