// Fills the position from the phone's own GPS, which speaks WGS-84.
const box = document.querySelector("[data-position]");
const button = box.querySelector("[data-locate]");
const status = box.querySelector("[data-locate-status]");

if ("geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(found, failed, {
      enableHighAccuracy: true,
      timeout: 15000,
    });
  });
}

function found(position) {
  box.querySelector("[name=lng]").value = position.coords.longitude.toFixed(6);
  box.querySelector("[name=lat]").value = position.coords.latitude.toFixed(6);
  box.querySelector("[name=coord_system]").value = "WGS-84";
  status.textContent = status.dataset.found;
  button.disabled = false;
}

function failed() {
  status.textContent = status.dataset.failed;
  button.disabled = false;
}
