"""The ground of the demonstration: as many streets, communities and grids as there are, whole and not overlapping."""

import json

import numpy as np
import shapely

from commandcenter.simulation import district, layers
from commandcenter.simulation.district import DistrictMap

A_METRE = 1e-5


def test_there_are_as_many_places_as_in_the_district(made: DistrictMap) -> None:
    assert (len(made.streets), len(made.communities)) == (13, 136)
    assert (len(made.archive), len(made.today)) == (434, 779)


def test_every_community_has_grids_of_both_times_in_its_own_street(made: DistrictMap) -> None:
    streets = {community.id: community.street for community in made.communities}
    for areas in (made.today, made.archive):
        assert {area.grid.community for area in areas} == set(streets)
        assert all(area.grid.street == streets[area.grid.community] for area in areas)


def test_every_street_and_grid_is_one_piece(made: DistrictMap) -> None:
    shapes = [*made.street_shapes.values(), *(area.shape for area in (*made.today, *made.archive))]
    assert all(shape.geom_type == "Polygon" and shape.is_valid for shape in shapes)


def test_streets_and_grids_fill_the_land_without_overlapping(made: DistrictMap) -> None:
    land = shapely.difference(made.outline, made.lake).area
    for shapes in (
        list(made.street_shapes.values()),
        [area.shape for area in made.today],
        [area.shape for area in made.archive],
    ):
        total = sum(shape.area for shape in shapes)
        assert abs(total - land) < land * 1e-6
        assert abs(shapely.union_all(np.array(shapes)).area - total) < land * 1e-6


def test_a_grid_of_the_archive_is_made_of_whole_grids_of_today(made: DistrictMap) -> None:
    assert sorted(cell for area in made.archive for cell in area.cells) == list(range(779))
    for area in made.archive:
        assert abs(area.shape.area - sum(made.today[cell].shape.area for cell in area.cells)) < 1e-10
        assert {made.today[cell].grid.community for cell in area.cells} == {area.grid.community}
        assert area.grid.until == made.today[0].grid.since


def test_a_streets_name_stands_inside_it(made: DistrictMap) -> None:
    for street in made.streets:
        assert street.place is not None
        assert made.street_shapes[street.id].contains(shapely.Point(street.place.lon, street.place.lat))


def test_streets_lie_roughly_where_they_are(made: DistrictMap) -> None:
    at = {street.name: street.place for street in made.streets}
    assert at["芜湖路街道"].lat > at["望湖街道"].lat > at["骆岗街道"].lat > at["滨湖世纪社区"].lat > at["方兴社区"].lat
    assert at["烟墩街道"].lon < at["方兴社区"].lon < at["义城街道"].lon
    assert at["大圩镇"].lon == max(place.lon for place in at.values())


def test_the_district_is_the_same_on_every_run(made: DistrictMap) -> None:
    assert layers.layers(district.make(made.reference)) == layers.layers(made)


def test_what_is_made_up_says_so_on_the_map(made: DistrictMap) -> None:
    read = {name: json.loads(body) for name, body in layers.layers(made).items()}
    assert set(read) == {"outline", "streets", "grids"}
    assert [len(read[name]["features"]) for name in ("streets", "grids")] == [13, 779]
    marks = {name: {one["properties"]["schematic"] for one in layer["features"]} for name, layer in read.items()}
    assert (marks["streets"], marks["grids"]) == ({True}, {True})
    assert [one["properties"]["name"] for one in read["outline"]["features"]] == ["包河区", "巢湖"]
