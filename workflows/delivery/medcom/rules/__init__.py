"""The rules of CareCommunication 5.0.4: invariants, cardinalities and required bindings of the profiles.

Each runs on a Bundle whose shape is FHIR R4 already, adds what it finds, and raises nothing.
"""
