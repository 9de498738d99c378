// The built-in networks, a family a file. Names of parameters and initial values follow torchvision, those of GPT
// Hugging Face's transformers; where two layers are one there (the weights of torchvision's attention) names differ.
#pragma once

#include "core/catalog/layers.h"

namespace synoscope {

// resnets.cpp
Layers resnet8();
Layers resnet18();
Layers resnet34();
Layers resnext29();
Layers largeStem(std::string convolutionName, std::string normName, Initial initial); // 7x7 and a maximum, each halving the image

Layers densenet121();     // densenet.cpp
Layers efficientnetv2s(); // efficientnet.cpp

// transformers.cpp
Layers gpt2();
Layers tinyGpt();
Layers vitB16();
Layers tinyVit();

} // namespace synoscope
