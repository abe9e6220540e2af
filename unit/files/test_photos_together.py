"""Photos that several users change, or that one changes in two windows."""

from flask import Flask

from unit.files.photos import Photos, picture
from unit.importing.pages import form_with


def test_words_that_another_user_wrote_are_not_lost(photos: Photos, app: Flask, lamp: int) -> None:
    photos.add(picture(), picture())
    first, second = photos.keys()
    other = Photos(app, lamp, "admin")
    opened = photos.opened()
    other.change(**{f"words-{first}": "Front"})

    opened[f"words-{second}"] = "Back"
    photos.send(opened)

    assert [each.words for each in photos.stored()] == ["Front", "Back"]


def test_words_for_one_picture_by_two_users_are_a_question(photos: Photos, app: Flask, lamp: int) -> None:
    photos.add(picture())
    [key] = photos.keys()
    opened = photos.opened()
    Photos(app, lamp, "admin").change(**{f"words-{key}": "Front"})

    opened[f"words-{key}"] = "Seen from the front"
    answer = photos.send(opened)

    assert answer.status_code == 422
    assert "Another user has just written “Front” here." in answer.text
    assert 'value="Seen from the front"' in answer.text
    assert photos.stored()[0].words == "Front"
    photos.send(form_with(answer, "Save photos").fields)
    assert photos.stored()[0].words == "Seen from the front"


def test_question_about_one_picture_leaves_what_others_wrote_about_another(
    photos: Photos, app: Flask, lamp: int
) -> None:
    photos.add(picture(), picture())
    first, second = photos.keys()
    opened = photos.opened()
    Photos(app, lamp, "admin").change(**{f"words-{first}": "Front", f"words-{second}": "Back"})

    opened[f"words-{first}"] = "Mine"
    photos.send(form_with(photos.send(opened), "Save photos").fields)

    assert [each.words for each in photos.stored()] == ["Mine", "Back"]


def test_change_of_a_photo_that_is_gone_says_that_nothing_was_changed(photos: Photos) -> None:
    photos.add(picture(), picture())
    opened, [first, _] = photos.opened(), photos.keys()
    photos.change(remove=first)

    opened["remove"] = first
    page = photos.send(opened).text

    assert "Nothing was changed." in page
    assert len(photos.stored()) == 1


def test_pictures_of_two_users_at_once_are_both_kept(photos: Photos, app: Flask, lamp: int) -> None:
    other = Photos(app, lamp, "admin")
    keys = [user.upload(picture()).json["key"] for user in (photos, other)]
    for user, key in zip((photos, other), keys, strict=True):
        user.add(key=[key])

    assert photos.keys() == keys


def test_photos_added_in_between_are_no_conflict_for_the_form(photos: Photos, lamp: int) -> None:
    address = f"/admin/products/edit/?id={lamp}"
    opened = form_with(photos.client.get(address), "Save product").fields
    photos.add(picture())

    opened["name"] = "Elm Lamp"
    answer = photos.client.post(address, data=opened, follow_redirects=True)

    assert "Product “Elm Lamp” saved." in answer.text
    assert len(photos.stored()) == 1
