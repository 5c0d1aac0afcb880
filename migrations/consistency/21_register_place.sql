-- title: 登记册里的上下级对不上
-- reason: a unit names its estate and its stair, each by a foreign key, but no key says that the stair stands in that estate; nodes of the scope tree and companies of contracts have no foreign key.
SELECT u.district_id, '户 ' || u.unit_id AS subject, '单元所在的小区 ' || b.estate_id AS expected, '小区 ' || u.estate_id AS found
  FROM unit u
  JOIN stair s ON s.district_id = u.district_id AND s.stair_id = u.stair_id
  JOIN building b ON b.district_id = s.district_id AND b.building_id = s.building_id
 WHERE b.estate_id <> u.estate_id
UNION ALL
SELECT p.district_id, p.what || ' ' || p.id, '管辖节点的种类 ' || p.kind, COALESCE('节点 ' || p.node_id || ' 是 ' || n.kind, '没有节点 ' || p.node_id)
  FROM (SELECT district_id, '区' AS what, district_id AS id, node_id, 'district' AS kind FROM district
        UNION ALL SELECT district_id, '街道', sub_district_id, node_id, 'sub_district' FROM sub_district
        UNION ALL SELECT district_id, '社区', community_id, node_id, 'community' FROM community
        UNION ALL SELECT district_id, '企业', company_id, node_id, 'company' FROM property_company
        UNION ALL SELECT district_id, '小区', estate_id, node_id, 'estate' FROM estate) p
  LEFT JOIN scope_node n ON n.district_id = p.district_id AND n.node_id = p.node_id
 WHERE n.kind IS DISTINCT FROM p.kind
UNION ALL
SELECT c.district_id, '服务合同 ' || c.contract_id, '有这家企业', '没有企业 ' || c.company_id
  FROM service_contract c
 WHERE NOT EXISTS (SELECT 1 FROM property_company p WHERE p.district_id = c.district_id AND p.company_id = c.company_id)
