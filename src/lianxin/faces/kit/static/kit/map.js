// A Leaflet map beside its list: own outline without a tile key, Tianditu tiles with one.
(() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const ICONS = { centre: "building-community", station: "map-pin", weak: "alert-triangle", upgrade: "tool" };

  const drawing = (sprite, name) => {
    const svg = document.createElementNS(SVG, "svg");
    const use = document.createElementNS(SVG, "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${sprite}#${name}`);
    svg.append(use);
    return svg;
  };

  // A mark (a class of a coloured map) is written instead of a drawing, so that colour alone tells nothing.
  const pin = (sprite, kind, size, mark) => {
    const face = document.createElement("span");
    face.className = `map-pin map-pin-${kind}`;
    face.style.width = face.style.height = `${size}px`;
    if (mark) face.textContent = mark;
    else face.append(drawing(sprite, ICONS[kind] || ICONS.centre));
    return L.divIcon({ html: face, className: "", iconSize: [size, size], popupAnchor: [0, -size / 2] });
  };

  const popup = (marker, words) => {
    const box = document.createElement("div");
    const title = document.createElement("strong");
    title.textContent = marker.title;
    box.append(title);
    if (marker.text) {
      const text = document.createElement("span");
      text.textContent = marker.text;
      box.append(text);
    }
    if (marker.url) {
      const link = document.createElement("a");
      link.href = marker.url;
      link.textContent = words;
      box.append(document.createElement("br"), link);
    }
    return box;
  };

  const tiles = (key, credit) => ["vec", "cva"].map((layer) =>
    L.tileLayer(
      `https://t{s}.tianditu.gov.cn/${layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=${layer}` +
        `&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=${encodeURIComponent(key)}`,
      { subdomains: "01234567", minZoom: 3, maxZoom: 18, attribution: layer === "vec" ? credit : "" },
    ));

  const draw = (place) => {
    if (place.dataset.drawn) return;
    place.dataset.drawn = "yes";
    const { outline, markers = [], centre, zoom } = JSON.parse(document.getElementById(place.dataset.map).textContent);
    const { tiandituKey, credit, icons, open, zoomIn, zoomOut } = place.dataset;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const touched = document.documentElement.dataset.mode === "elder" ? 60 : place.closest(".resident") ? 44 : 0;
    const size = touched || (markers.length > 60 ? 28 : 36);
    place.hidden = false;
    const map = L.map(place, {
      zoomControl: false, scrollWheelZoom: false, zoomSnap: tiandituKey ? 1 : 0.25, zoomAnimation: !calm, fadeAnimation: !calm, attributionControl: Boolean(tiandituKey),
    });
    L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    if (tiandituKey) tiles(tiandituKey, credit).forEach((layer) => layer.addTo(map));
    const drawn = L.featureGroup().addTo(map);
    if (outline) {
      L.geoJSON(outline, {
        interactive: false, style: { color: "#57606a", weight: 1.5, fillColor: "#fff", fillOpacity: tiandituKey ? 0 : 1 },
      }).addTo(drawn);
    }
    markers.forEach((marker) => {
      L.marker([marker.lat, marker.lng], {
        icon: pin(icons, marker.kind || "centre", marker.here ? size + 12 : marker.mark ? Math.min(size, 24) : size, marker.mark), title: marker.title, alt: marker.title, riseOnHover: true,
      }).bindPopup(popup(marker, open)).addTo(drawn);
    });
    const bounds = drawn.getBounds();
    // Without tiles a close look would show nothing but white: the whole outline tells where a place lies.
    if (outline && !tiandituKey) map.fitBounds(bounds, { padding: [24, 24] });
    else if (centre) map.setView(centre, zoom || 14);
    else if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 16 });
    else map.setView([23.37, 116.72], 11);
    const list = place.parentElement.querySelector(".map-list");
    if (list && markers.length > 8) list.open = false;
  };

  document.querySelectorAll("[data-map]").forEach(draw);
})();
