"""What an operator needs to know of weights: which we recommend, what their licences allow, whether they are whole.

Loads no weights and draws nothing; the engines do.
"""

from generation.weights.licence import Licence
from generation.weights.permission import check_licence, licence_of
from generation.weights.registry import Refused, Registry, Role, UnknownWeights, Weights, read_registry

__all__ = [
    "Licence",
    "Refused",
    "Registry",
    "Role",
    "UnknownWeights",
    "Weights",
    "check_licence",
    "licence_of",
    "read_registry",
]
