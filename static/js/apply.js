// The place of an application: from the phone's GPS, from its address, or where the pin is put.
// Everything here is WGS-84. Nothing leaves the page but the address, and that to our own server.
"use strict";

(() => {
  const box = document.querySelector("[data-position]");
  const form = box.closest("form");
  const status = box.querySelector("[data-place-status]");
  const list = box.querySelector("[data-places]");
  const ground = box.querySelector("[data-map]");
  const locate = box.querySelector("[data-locate]");
  const find = box.querySelector("[data-find]");
  const { lng, lat, coord_system: system } = form.elements;
  const openMap = box.querySelector("[data-open-map]");
  const CLOSE = 17;
  // From here on names of communities do not cover one another.
  const NAMED_FROM = 14;
  const CHINA = [[18, 73], [54, 135]];
  // On a bad network the map may be missing; the phone's position works without it.
  const hasMap = typeof L !== "undefined";
  let map = null;
  let pin = null;
  let circle = null;

  function say(words) {
    status.textContent = words;
  }

  function write(place) {
    lng.value = place.lng.toFixed(6);
    lat.value = place.lat.toFixed(6);
    system.value = "WGS-84";
  }

  // Who moves the pin has not taken a place of the list.
  function unchoose() {
    for (const radio of list.querySelectorAll("input:checked")) {
      radio.checked = false;
    }
  }

  function moved(place) {
    unchoose();
    write(place);
    circle?.remove();
    say(status.dataset.moved);
  }

  function mark(landmark) {
    const icon = L.divIcon({ className: "landmark", iconSize: [10, 10] });
    const marker = L.marker(landmark, { icon, interactive: false, keyboard: false, alt: "" });
    const words = document.createElement("span");
    words.textContent = landmark.name;
    return marker.bindTooltip(words, { permanent: true, direction: "right", className: "landmark-name" });
  }

  // Communities that are served already; the only things to steer by where there are no tiles.
  async function addLandmarks() {
    const answer = await fetch(ground.dataset.landmarks);
    if (!answer.ok) {
      throw new Error(`the landmarks answered ${answer.status}`);
    }
    const { landmarks } = await answer.json();
    const layer = L.featureGroup(landmarks.map(mark)).addTo(map);
    const thin = () => ground.classList.toggle("is-far", map.getZoom() < NAMED_FROM);
    map.on("zoomend", thin);
    thin();
    return landmarks.length ? layer.getBounds() : CHINA;
  }

  function begin() {
    ground.hidden = false;
    openMap.hidden = true;
    box.querySelector("[data-map-help]").hidden = false;
    map = L.map(ground, { attributionControl: Boolean(ground.dataset.tiles), scrollWheelZoom: false });
    if (ground.dataset.tiles) {
      L.tileLayer(ground.dataset.tiles, { attribution: ground.dataset.attribution }).addTo(map);
    }
    L.control.scale({ imperial: false }).addTo(map);
    const icon = L.divIcon({ className: "place-pin", iconSize: [44, 44] });
    const words = ground.dataset.pin;
    pin = L.marker([0, 0], { icon, draggable: true, autoPan: true, title: words, alt: words });
    pin.on("dragend", () => moved(pin.getLatLng().wrap()));
    map.on("click", (event) => {
      pin.setLatLng(event.latlng).addTo(map);
      moved(event.latlng.wrap());
    });
    map.fitBounds(CHINA);
    return addLandmarks().catch((error) => {
      console.warn(error);
      return CHINA;
    });
  }

  function show(place, accuracyM) {
    if (!hasMap) {
      return;
    }
    if (map === null) {
      begin();
    }
    map.setView(place, CLOSE);
    pin.setLatLng(place).addTo(map);
    circle?.remove();
    if (accuracyM) {
      circle = L.circle(place, { radius: accuracyM, weight: 1, interactive: false }).addTo(map);
    }
  }

  function choose(radio) {
    const [lngText, latText] = radio.value.split(",");
    const place = { lng: Number(lngText), lat: Number(latText) };
    write(place);
    show(place);
  }

  function choice(found, isFirst) {
    const label = document.createElement("label");
    label.className = "places__one";
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "found";
    radio.value = `${found.lng.toFixed(6)},${found.lat.toFixed(6)}`;
    radio.checked = isFirst;
    const words = document.createElement("span");
    words.textContent = found.label;
    label.append(radio, words);
    return label;
  }

  async function search() {
    const asked = new FormData();
    for (const name of ["csrfmiddlewaretoken", "district", "address"]) {
      asked.set(name, form.elements[name].value);
    }
    find.disabled = true;
    try {
      const answer = await fetch(box.dataset.search, { method: "POST", body: asked });
      if (!answer.ok) {
        throw new Error(`the search answered ${answer.status}`);
      }
      const { places, message } = await answer.json();
      list.replaceChildren(...places.map((found, at) => choice(found, at === 0)));
      say(message || status.dataset[places.length > 1 ? "choose" : "found"]);
      const first = list.querySelector("input");
      if (first) {
        choose(first);
      }
    } catch (error) {
      say(status.dataset.failed);
      console.warn(error);
    } finally {
      find.disabled = false;
    }
  }

  function locateNow() {
    locate.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const place = { lng: coords.longitude, lat: coords.latitude };
        unchoose();
        write(place);
        show(place, coords.accuracy);
        say(status.dataset.found);
        locate.disabled = false;
      },
      () => {
        say(status.dataset.failed);
        locate.disabled = false;
      },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  }

  function typed() {
    unchoose();
    const place = { lng: Number(lng.value), lat: Number(lat.value) };
    if (system.value === "WGS-84" && place.lng > 73 && place.lng < 136 && place.lat > 3 && place.lat < 54) {
      show(place);
    } else {
      pin?.remove();
    }
  }

  openMap.hidden = !hasMap;
  openMap.addEventListener("click", async () => {
    const bounds = await begin();
    if (!map.hasLayer(pin)) {
      map.fitBounds(bounds, { maxZoom: CLOSE, padding: [24, 24] });
    }
  });
  if ("geolocation" in navigator) {
    locate.hidden = false;
    locate.addEventListener("click", locateNow);
  }
  find?.addEventListener("click", (event) => {
    event.preventDefault();
    search();
  });
  list.addEventListener("change", (event) => choose(event.target));
  for (const field of [lng, lat, system]) {
    field.addEventListener("change", typed);
  }
  // Numbers are the last resort where a phone or a map can tell.
  const numbers = box.querySelector("[data-typed]");
  numbers.open = numbers.querySelector(".field__error") !== null;
  const chosen = list.querySelector("input:checked");
  if (chosen) {
    choose(chosen);
  } else if (lng.value && lat.value) {
    typed();
  }
})();
